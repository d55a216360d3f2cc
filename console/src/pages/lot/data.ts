import { queryOptions } from '@tanstack/react-query';
import { listBids, listRankingSignatures, listScoreSheets, readNewestRanking } from '~/api/generated';
import type { BidOut, RankingOut } from '~/api/generated';
import { everything } from '~/api/paging';
import { Problem } from '~/api/problem';

export function rankingQuery(tenderId: string, lotId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId, 'lot', lotId, 'ranking'],
    queryFn: async (): Promise<RankingOut | null> => {
      try {
        return (await readNewestRanking({ path: { lot_id: lotId } })).data;
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  });
}

export function sheetsQuery(tenderId: string, lotId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId, 'lot', lotId, 'sheets'],
    queryFn: () => everything((query) => listScoreSheets({ path: { lot_id: lotId }, query })),
  });
}

export function lotBidsQuery(tenderId: string, lotId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId, 'lot', lotId, 'bids'],
    queryFn: async () =>
      (await everything((query) => listBids({ path: { tender_id: tenderId }, query }))).filter((bid) => bid.lotId === lotId),
  });
}

export function signaturesQuery(tenderId: string, rankingId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId, 'signatures', rankingId],
    queryFn: async () => (await listRankingSignatures({ path: { ranking_id: rankingId } })).data.items,
  });
}

/** Bidders' names by bid. */
export function namesByBid(bids: readonly BidOut[]): ReadonlyMap<string, string> {
  return new Map(bids.map((bid) => [bid.id, bid.organizationName]));
}
