import { memo } from 'react';
import type { ToneName } from '~/app/tones';
import { ToneTag } from '~/parts/OutcomeTag';
import { OUTCOME_TONES, type BidderRow } from './data';
import type { Cell as MatrixCell, MatrixOut } from '~/api/generated';
import { useTexts } from './texts';
import type { Place } from './useGridKeys';

const VERDICT_TONES: Record<NonNullable<BidderRow['verdict']>, ToneName> = { eligible: 'good', ineligible: 'bad', needs_review: 'open' };

interface Shown {
  row: BidderRow;
  index: number;
  columns: MatrixOut['columns'];
  focused: number | null;
  reach: (place: Place) => void;
  open: (row: BidderRow, requirement?: string) => void;
}

export const MatrixLine = memo(function MatrixLine({ row, index, columns, focused, reach, open }: Shown) {
  const t = useTexts();
  const place = (column: number) => ({
    'data-place': `${index}-${column}`,
    tabIndex: (focused ?? (index === 0 ? 0 : -1)) === column ? 0 : -1,
    onFocus: () => reach({ row: index, column }),
  });
  return (
    <tr aria-rowindex={index + 2}>
      <th scope="row" {...place(0)} onDoubleClick={() => open(row)}>
        <span className="matrix-name">{row.name}</span>
        <Marks row={row} />
      </th>
      <td {...place(1)} onClick={() => open(row)}>
        {row.verdict ? <ToneTag tone={VERDICT_TONES[row.verdict]}>{t(row.verdict)}</ToneTag> : <ToneTag tone="plain">{t('unscreened')}</ToneTag>}
      </td>
      <td className="numeric" {...place(2)}>
        {row.margin ?? '–'}
      </td>
      {columns.map(({ requirement }, column) => (
        <td key={requirement} {...place(column + 3)} className="matrix-cell" onClick={() => open(row, requirement)}>
          <Outcome cell={row.byRequirement.get(requirement)} />
        </td>
      ))}
    </tr>
  );
});

function Marks({ row }: { row: BidderRow }) {
  const t = useTexts();
  return (
    <span className="matrix-marks">
      {row.openLeads > 0 && <span>⚑ {t('leads', { count: row.openLeads })}</span>}
      {row.openCandidates > 0 && <span>◔ {t('candidates', { count: row.openCandidates })}</span>}
    </span>
  );
}

function Outcome({ cell }: { cell: MatrixCell | undefined }) {
  const t = useTexts();
  if (!cell) return <span aria-label={t('unscreened')}>–</span>;
  return (
    <>
      <ToneTag tone={OUTCOME_TONES[cell.outcome]}>
        {t(cell.outcome)}
        {cell.observed !== null && cell.required !== null && ` ${cell.observed}/${cell.required}`}
      </ToneTag>
      <span className="matrix-below">
        {cell.doubtful ? `${t('doubtful', { count: cell.doubtful })} · ` : ''}
        {t('evidence', { count: cell.evidence })}
      </span>
    </>
  );
}
