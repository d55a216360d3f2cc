import { useRef } from 'react';
import { useLabel } from '~/language';
import type { BidderRow } from './data';
import { MatrixLine } from './MatrixLine';
import type { MatrixOut } from '~/api/generated';
import { useTexts } from './texts';
import { useGridKeys } from './useGridKeys';
import { useWindowed } from './useWindowed';
import './matrix.css';

export const ROW_HEIGHT = 58;

interface Shown {
  columns: MatrixOut['columns'];
  rows: readonly BidderRow[];
  open: (row: BidderRow, requirement?: string) => void;
}

/** Bidders × requirements: the table of the page, navigated by arrow keys. */
export function MatrixGrid({ columns, rows, open }: Shown) {
  const t = useTexts();
  const label = useLabel();
  const frame = useRef<HTMLDivElement>(null);
  const { from, to, above, below } = useWindowed(frame, rows.length, ROW_HEIGHT);
  const width = columns.length + 3;
  const { place, setPlace, onKeyDown } = useGridKeys(frame, rows.length, width, ROW_HEIGHT, ({ row, column }) => {
    const chosen = rows[row];
    if (chosen) open(chosen, columns[column - 3]?.requirement);
  });
  return (
    <div className="table-frame matrix-frame" ref={frame}>
      <table className="matrix" role="grid" aria-label={t('title')} aria-rowcount={rows.length + 1} aria-colcount={width} onKeyDown={onKeyDown}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{t('bidder')}</th>
            <th scope="col">{t('verdict')}</th>
            <th scope="col" title={t('marginHelp')}>
              {t('margin')}
            </th>
            {columns.map((column) => (
              <th key={column.requirement} scope="col">
                {label(column.title)}
                {column.minimum !== null && <span className="ink-muted"> ≥ {column.minimum}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} width={width} />}
          {rows.slice(from, to).map((row, index) => (
            <MatrixLine
              key={row.organizationId}
              row={row}
              index={from + index}
              columns={columns}
              focused={place.row === from + index ? place.column : null}
              reach={setPlace}
              open={open}
            />
          ))}
          {below > 0 && <Spacer height={below} width={width} />}
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height, width }: { height: number; width: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={width} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
