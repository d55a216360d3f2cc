import type { ReactNode } from 'react';
import { defineTexts } from '~/language';
import { useSorted } from './sorting';
import './table.css';

const useTexts = defineTexts('table', { zh: { empty: '暂无内容' }, en: { empty: 'Nothing here yet' } });

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  /** The first column is the row header. */
  heads?: boolean;
  /** The sort key of the column, if it is sortable. */
  sortBy?: (row: Row) => string | number;
}

interface Shown<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  empty?: string;
  selected?: string;
}

/** A semantic table with headers; wide tables scroll horizontally. */
export function DataTable<Row>({ label, columns, rows, rowKey, empty, selected }: Shown<Row>) {
  const t = useTexts();
  const { sorted, order, sort } = useSorted(rows, columns);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table className="data-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.numeric ? 'numeric' : undefined}
                aria-sort={order?.key === column.key ? (order.descending ? 'descending' : 'ascending') : undefined}
              >
                {column.sortBy ? (
                  <button type="button" className="sort-button" onClick={() => sort(column.key)}>
                    {column.title} <span aria-hidden="true">{order?.key === column.key ? (order.descending ? '▼' : '▲') : '↕'}</span>
                  </button>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={rowKey(row)} aria-selected={selected === rowKey(row) || undefined}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="table-empty ink-muted">{empty ?? t('empty')}</p>}
    </div>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const className = column.numeric ? 'numeric' : undefined;
  if (column.heads) {
    return (
      <th scope="row" className={className}>
        {column.cell(row)}
      </th>
    );
  }
  return <td className={className}>{column.cell(row)}</td>;
}
