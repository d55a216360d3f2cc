import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BidOut, ScoreSheetOut } from '~/api/generated';
import { useLabel } from '~/language';
import { DataTable, type Column } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { useFormat } from '~/parts/format';
import { namesByBid, sheetsQuery } from './data';
import type { Scheme } from './scheme';
import { useTexts } from './texts';

interface Line {
  sheet: ScoreSheetOut;
  bid: string;
}

/** Every submitted sheet, a line per member and bidder; until all have submitted, each member sees only its own. */
export function Sheets({ tenderId, lotId, scheme, bids }: { tenderId: string; lotId: string; scheme: Scheme; bids: readonly BidOut[] }) {
  const t = useTexts();
  const label = useLabel();
  const { time } = useFormat();
  const query = useQuery(sheetsQuery(tenderId, lotId));
  const names = useMemo(() => namesByBid(bids), [bids]);
  const columns: Column<Line>[] = [
    { key: 'member', title: t('member'), sortBy: (row) => row.sheet.member, cell: (row) => <span className="mono">{row.sheet.member}</span> },
    { key: 'bidder', title: t('bidder'), heads: true, sortBy: (row) => names.get(row.bid) ?? '', cell: (row) => names.get(row.bid) ?? row.bid },
    ...scheme.factors.map((factor) => ({
      key: factor.id,
      title: `${label(factor.title)} (${factor.points})`,
      numeric: true,
      cell: (row: Line) => row.sheet.scores[row.bid]?.[factor.id] ?? '–',
    })),
    { key: 'submitted', title: t('submitted'), cell: (row) => (row.sheet.replacedBy ? t('replaced') : time(row.sheet.createdAt)) },
  ];
  return (
    <section aria-labelledby="sheets">
      <h2 id="sheets" className="section-title">
        {t('sheets')}
      </h2>
      <Loaded query={query}>
        {(sheets) => (
          <DataTable
            label={t('sheets')}
            columns={columns}
            rows={sheets.flatMap((sheet) => Object.keys(sheet.scores).map((bid) => ({ sheet, bid })))}
            rowKey={(row) => `${row.sheet.id}/${row.bid}`}
            empty={t('noSheets')}
          />
        )}
      </Loaded>
    </section>
  );
}
