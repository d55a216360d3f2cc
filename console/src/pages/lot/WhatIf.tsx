import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { previewRanking } from '~/api/generated';
import type { BidOut, PreviewRankingData, RankingOut, TenderOut } from '~/api/generated';
import { lotsQuery } from '~/app/tender';
import { DataTable } from '~/parts/DataTable';
import { Failure } from '~/parts/Failure';
import { sheetsQuery } from './data';
import { useColumns } from './Ranking';
import type { Scheme } from './scheme';
import { useTexts } from './texts';

interface Shown {
  lotId: string;
  tender: TenderOut;
  bids: readonly BidOut[];
  scheme: Scheme;
  ranking: RankingOut;
}

/** Applies the same rules to other prices: computed by the service, not stored. */
export function WhatIf({ lotId, tender, bids, scheme, ranking }: Shown) {
  const t = useTexts();
  const sheets = useQuery(sheetsQuery(tender.id, lotId));
  const lots = useQuery(lotsQuery(tender.id));
  const [prices, setPrices] = useState<Record<string, string>>({});
  const columns = useColumns(scheme, bids);
  const asked = useMutation({ mutationFn: async (body: PreviewRankingData['body']) => (await previewRanking({ body })).data });
  const ranked = bids.filter((bid) => ranking.rows.some((row) => row.bid === bid.id));
  const run = (event: FormEvent) => {
    event.preventDefault();
    const valid = (sheets.data ?? []).filter((sheet) => sheet.replacedBy === null);
    asked.mutate({
      lot: { id: lotId, ceiling: lots.data?.find((lot) => lot.id === lotId)?.ceiling ?? tender.ceiling },
      scheme: tender.scheme as PreviewRankingData['body']['scheme'],
      bids: ranked.map((bid) => ({
        id: bid.id,
        price: prices[bid.id] ?? bid.price,
        deduction: bid.deduction,
        offered: bid.offered,
        qualified: true,
        scores: Object.fromEntries(valid.map((sheet) => [sheet.member, sheet.scores[bid.id] ?? {}])),
      })),
    });
  };
  return (
    <details className="card">
      <summary>{t('whatIf')}</summary>
      <p>{t('whatIfAbout')}</p>
      <form onSubmit={run}>
        <div className="facts">
          {ranked.map((bid) => (
            <label key={bid.id}>
              {t('newPrice', { bidder: bid.organizationName })}
              <br />
              <input
                className="score-input"
                style={{ width: 150 }}
                inputMode="decimal"
                value={prices[bid.id] ?? bid.price ?? ''}
                onChange={(event) => setPrices({ ...prices, [bid.id]: event.target.value })}
              />
            </label>
          ))}
        </div>
        <p>
          <button type="submit" className="plain-button" disabled={!sheets.data || asked.isPending}>
            {t('whatIfRun')}
          </button>
        </p>
      </form>
      {asked.error && <Failure error={asked.error} />}
      {asked.data && <DataTable label={t('whatIf')} columns={columns} rows={asked.data.rows} rowKey={(row) => row.bid} />}
    </details>
  );
}
