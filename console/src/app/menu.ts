import type { Role } from '~/api/generated';

const ENTRIES = {
  my: '/my',
  tenders: '/tenders',
  credit: '/credit',
  jobs: '/jobs',
  audit: '/audit',
  users: '/users',
} as const;

export type MenuName = keyof typeof ENTRIES;

/** What each role comes for; what it may see is the service's to say. */
const FOR: Record<string, readonly MenuName[]> = {
  officer: ['tenders', 'credit', 'jobs'],
  auditor: ['tenders', 'credit', 'jobs', 'audit'],
  evaluator: ['tenders'],
  bidder: ['my', 'tenders', 'jobs'],
  admin: ['users', 'jobs', 'audit'],
};

export function menuOf(role: Role): { name: MenuName; path: string }[] {
  return (FOR[role] ?? []).map((name) => ({ name, path: ENTRIES[name] }));
}

export type TenderPage = 'timeline' | 'matrix' | 'leads' | 'opening' | 'awards' | 'notices' | 'contracts';

/** The pages of a tender that belong to a role's work. */
const OF_TENDER: Record<string, readonly TenderPage[]> = {
  officer: ['timeline', 'matrix', 'leads', 'opening', 'awards', 'notices', 'contracts'],
  auditor: ['timeline', 'matrix', 'leads', 'opening', 'awards', 'notices', 'contracts'],
  evaluator: ['timeline', 'leads', 'opening', 'awards', 'notices'],
  bidder: ['timeline', 'opening', 'awards', 'notices', 'contracts'],
};

export function tenderMenuOf(role: Role): readonly TenderPage[] {
  return OF_TENDER[role] ?? [];
}
