import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listBids, listLots, readTender } from '~/api/generated';
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

/** Returns the tender of the URL. */
export function useTender() {
  const tenderId = useParam('tenderId');
  return { tenderId, query: useQuery(tenderQuery(tenderId)) };
}

export function bidsQuery(tenderId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId, 'bids'],
    queryFn: () => everything((query) => listBids({ path: { tender_id: tenderId }, query })),
  });
}

/** Names by id: the lots of a tender, and its bidders once they are known. */
export function useNames(tenderId: string): { lot: (id: string | null) => string; bidder: (id: string | null) => string } {
  const lots = useQuery(lotsQuery(tenderId)).data;
  const bids = useQuery(bidsQuery(tenderId)).data;
  return useMemo(() => {
    const lotNames = new Map(lots?.map((lot) => [lot.id, lot.name]));
    const bidderNames = new Map(bids?.map((bid) => [bid.organizationId, bid.organizationName]));
    return {
      lot: (id) => (id === null ? '–' : (lotNames.get(id) ?? id)),
      bidder: (id) => (id === null ? '–' : (bidderNames.get(id) ?? id)),
    };
  }, [lots, bids]);
}
