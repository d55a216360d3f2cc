import type { Role } from '~/api/generated';

/** Where somebody begins: each role at its own work. */
export function homeOf(role: Role | undefined): string {
  if (role === 'bidder') return '/my';
  return role === 'admin' ? '/users' : '/tenders';
}
