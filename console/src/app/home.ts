import type { Role } from '~/api/generated';

/** The start page of each role. */
export function homeOf(role: Role | undefined): string {
  if (role === 'bidder') return '/my';
  return role === 'admin' ? '/users' : '/tenders';
}
