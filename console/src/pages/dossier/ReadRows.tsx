import { DataTable } from '~/parts/DataTable';
import { useFieldName } from './fieldNames';
import { useTexts } from './texts';

const HIDDEN = new Set(['page', 'box', 'confidence', 'certificates', 'socialInsurance', 'group', 'hidden', 'extra', 'row', 'sheet']);

/** The rows of a roster or a proof, as they were read. */
export function ReadRows({ rows }: { rows: readonly Record<string, unknown>[] }) {
  const t = useTexts();
  const nameOf = useFieldName();
  if (rows.length === 0) return null;
  const members = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((member) => !HIDDEN.has(member));
  const numbered = rows.map((row, index) => ({ row, index }));
  return (
    <>
      <h3>{t('rows')}</h3>
      <DataTable
        label={t('rows')}
        columns={[
          { key: '#', title: t('line'), numeric: true, cell: ({ index }) => index + 1 },
          ...members.map((member) => ({
            key: member,
            title: nameOf(member),
            cell: ({ row }: { row: Record<string, unknown> }) => shown(row[member], t('cannotRead')),
          })),
        ]}
        rows={numbered}
        rowKey={({ index }) => String(index)}
      />
    </>
  );
}

function shown(value: unknown, unreadable: string): string {
  if (value === undefined) return '–';
  if (value === null) return unreadable;
  return Array.isArray(value) ? value.map(String).join('、') : typeof value === 'object' ? JSON.stringify(value) : String(value as string);
}
