import { queryOptions, useQuery } from '@tanstack/react-query';
import { listLots, readTender } from '~/api/generated';
import { everything } from '~/api/paging';
import { useParam } from './router';

export function tenderQuery(tenderId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId],
    queryFn: async () => (await readTender({ path: { tender_id: tenderId } })).data,
  });
}

export function lotsQuery(tenderId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId, 'lots'],
    queryFn: () => everything((query) => listLots({ path: { tender_id: tenderId }, query })),
  });
}

/** The tender of the address. */
export function useTender() {
  const tenderId = useParam('tenderId');
  return { tenderId, query: useQuery(tenderQuery(tenderId)) };
}
