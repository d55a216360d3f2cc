import type { Role } from '~/api/generated';

const ENTRIES = {
  tenders: '/tenders',
} as const;

export type MenuName = keyof typeof ENTRIES;

/** What each role comes for; what it may see is the service's to say. */
const FOR: Record<string, readonly MenuName[]> = {
  officer: ['tenders'],
  auditor: ['tenders'],
  evaluator: ['tenders'],
  bidder: ['tenders'],
  admin: [],
};

export function menuOf(role: Role): { name: MenuName; path: string }[] {
  return (FOR[role] ?? []).map((name) => ({ name, path: ENTRIES[name] }));
}
