import { queryOptions, useQuery } from '@tanstack/react-query';
import { setCsrfToken } from '~/api/client';
import { readAccount } from '~/api/generated';
import type { AccountOut, Role } from '~/api/generated';
import { Problem } from '~/api/problem';

/** Who has logged in; null: nobody. */
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

/** Remember the token that this session's changes carry. */
export function keep(account: AccountOut): AccountOut {
  setCsrfToken(account.csrfToken);
  return account;
}

/** The account of the person at the screen; pages behind the log-in have one. */
export function useAccount(): AccountOut {
  const { data } = useQuery(accountQuery);
  if (!data) throw new Error('nobody has logged in');
  return data;
}

export function useRole(): Role {
  return useAccount().user.role;
}
