import type { Role } from '~/api/generated';

const ENTRIES = {
  my: '/my',
  tenders: '/tenders',
  approvals: '/approvals',
  credit: '/credit',
  jobs: '/jobs',
  audit: '/audit',
  users: '/users',
} as const;

export type MenuName = keyof typeof ENTRIES;

/** The menu of each role; the service decides what the role may see. */
const FOR: Record<string, readonly MenuName[]> = {
  officer: ['tenders', 'approvals', 'credit', 'jobs'],
  auditor: ['tenders', 'approvals', 'credit', 'jobs', 'audit'],
  evaluator: ['tenders'],
  bidder: ['my', 'tenders', 'jobs'],
  admin: ['users', 'approvals', 'jobs', 'audit'],
};

export function menuOf(role: Role): { name: MenuName; path: string }[] {
  return (FOR[role] ?? []).map((name) => ({ name, path: ENTRIES[name] }));
}

export type TenderPage = 'timeline' | 'matrix' | 'leads' | 'opening' | 'awards' | 'notices' | 'contracts';

/** The pages of a tender for each role. */
const OF_TENDER: Record<string, readonly TenderPage[]> = {
  officer: ['timeline', 'matrix', 'leads', 'opening', 'awards', 'notices', 'contracts'],
  auditor: ['timeline', 'matrix', 'leads', 'opening', 'awards', 'notices', 'contracts'],
  evaluator: ['timeline', 'leads', 'opening', 'awards', 'notices'],
  bidder: ['timeline', 'opening', 'awards', 'notices', 'contracts'],
};

export function tenderMenuOf(role: Role): readonly TenderPage[] {
  return OF_TENDER[role] ?? [];
}
