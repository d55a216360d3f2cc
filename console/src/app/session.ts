import { queryOptions, useQuery } from '@tanstack/react-query';
import { setCsrfToken } from '~/api/client';
import { readAccount } from '~/api/generated';
import type { AccountOut, Role } from '~/api/generated';
import { Problem } from '~/api/problem';

/** The logged-in account, or null. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  staleTime: Infinity,
  queryFn: async (): Promise<AccountOut | null> => {
    try {
      return keep((await readAccount({})).data);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

/** Remembers the CSRF token of this session. */
export function keep(account: AccountOut): AccountOut {
  setCsrfToken(account.csrfToken);
  return account;
}

/** Returns the logged-in account; pages behind the login always have one. */
export function useAccount(): AccountOut {
  const { data } = useQuery(accountQuery);
  if (!data) throw new Error('there is no session');
  return data;
}

export function useRole(): Role {
  return useAccount().user.role;
}
