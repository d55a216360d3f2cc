import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { signRanking } from '~/api/generated';
import type { BidOut, RankingOut, RankingRow, TenderOut } from '~/api/generated';
import { useRole } from '~/app/session';
import { useLabel } from '~/language';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable, type Column } from '~/parts/DataTable';
import { Facts } from '~/parts/Facts';
import { useFormat } from '~/parts/format';
import { namesByBid, signaturesQuery } from './data';
import { RankingChart } from './RankingChart';
import type { Scheme } from './scheme';
import { useTexts } from './texts';
import { WhatIf } from './WhatIf';

interface Shown {
  ranking: RankingOut | null;
  bids: readonly BidOut[];
  scheme: Scheme;
  tender: TenderOut;
  lotId: string;
}

export function Ranking({ ranking, bids, scheme, tender, lotId }: Shown) {
  const t = useTexts();
  const role = useRole();
  const { money, time } = useFormat();
  const names = useMemo(() => namesByBid(bids), [bids]);
  const columns = useColumns(scheme, bids);
  const why = useExclusion();
  return (
    <section aria-labelledby="ranking">
      <h2 id="ranking" className="section-title">
        {t('ranking')}
      </h2>
      {ranking === null && <p>{t('noRanking')}</p>}
      {ranking?.status === 'failed' && <p role="status">{t('failed')}</p>}
      {ranking && (
        <>
          <Facts
            of={[
              [t('benchmark'), money(ranking.benchmark)],
              [t('submitted'), time(ranking.createdAt)],
              [t('hash'), <span className="mono">{ranking.resultHash.slice(0, 16)}…</span>],
            ]}
          />
          <DataTable label={t('ranking')} columns={columns} rows={ranking.rows} rowKey={(row) => row.bid} />
          {ranking.rows.length > 0 && <RankingChart ranking={ranking} scheme={scheme} names={names} />}
          {ranking.excluded.length > 0 && (
            <DataTable
              label={t('excluded')}
              columns={[
                { key: 'bidder', title: t('excluded'), heads: true, cell: (row) => names.get(row.bid) ?? row.bid },
                { key: 'code', title: t('reason'), cell: (row) => why(row.code) },
              ]}
              rows={ranking.excluded}
              rowKey={(row) => row.bid}
            />
          )}
          <Signing ranking={ranking} tender={tender} />
          {role !== 'bidder' && <WhatIf lotId={lotId} tender={tender} bids={bids} scheme={scheme} ranking={ranking} />}
        </>
      )}
    </section>
  );
}

function useExclusion() {
  const t = useTexts();
  const known = new Set(['invalid_bid', 'not_qualified', 'over_ceiling', 'price_missing']);
  return (code: string) => (known.has(code) ? t(`why.${code}` as 'why.not_qualified') : t('why.other', { code }));
}

export function useColumns(scheme: Scheme, bids: readonly BidOut[]): Column<RankingRow>[] {
  const t = useTexts();
  const label = useLabel();
  const { money } = useFormat();
  const byId = new Map(bids.map((bid) => [bid.id, bid]));
  return [
    { key: 'rank', title: t('rank'), numeric: true, cell: (row) => row.rank },
    { key: 'bidder', title: t('bidder'), heads: true, cell: (row) => byId.get(row.bid)?.organizationName ?? row.bid },
    { key: 'total', title: t('total'), numeric: true, cell: (row) => <strong>{row.total}</strong> },
    { key: 'price', title: t('price'), numeric: true, cell: (row) => money(row.evaluationPrice) },
    { key: 'priceScore', title: `${t('priceScore')} (${scheme.price.points})`, numeric: true, cell: (row) => row.priceScore ?? '–' },
    ...scheme.factors.map((factor) => ({
      key: factor.id,
      title: `${label(factor.title)} (${factor.points})`,
      numeric: true,
      cell: (row: RankingRow) => row.factorMeans[factor.id] ?? '–',
    })),
    { key: 'decidedBy', title: t('decided'), cell: (row) => t(`by.${row.decidedBy}` as 'by.total') },
  ];
}

/** The signatures, and one's own signature or dissent (财政部令第87号 第六十一条). */
function Signing({ ranking, tender }: { ranking: RankingOut; tender: TenderOut }) {
  const t = useTexts();
  const role = useRole();
  const { time } = useFormat();
  const { data } = useQuery(signaturesQuery(tender.id, ranking.id));
  return (
    <>
      {data && data.length > 0 && (
        <DataTable
          label={t('signatures')}
          columns={[
            { key: 'member', title: t('member'), heads: true, cell: (row) => <span className="mono">{row.member}</span> },
            { key: 'stand', title: t('stand'), cell: (row) => t(`stand.${row.stand}` as 'stand.agrees') },
            { key: 'dissent', title: t('dissent'), cell: (row) => row.dissent ?? '–' },
            { key: 'signedAt', title: t('submitted'), cell: (row) => time(row.signedAt) },
          ]}
          rows={data}
          rowKey={(row) => row.member}
        />
      )}
      {role === 'evaluator' && tender.state === 'active.evaluation' && (
        <ActionButton
          label={t('sign')}
          fields={[
            {
              name: 'agrees',
              label: t('stand'),
              kind: 'select',
              required: true,
              options: [
                { value: 'yes', label: t('agrees') },
                { value: 'no', label: t('dissents') },
              ],
            },
            { name: 'dissent', label: t('dissent'), kind: 'area' },
          ]}
          submit={({ agrees, dissent }) =>
            signRanking({ path: { ranking_id: ranking.id }, body: { agrees: agrees === 'yes', dissent: dissent || null } })
          }
          refresh={['tender', tender.id]}
        />
      )}
    </>
  );
}
