import { useState } from 'react';
import { confirmPrice } from '~/api/generated';
import type { OpenedEnvelope } from '~/api/generated';
import { useRole } from '~/app/session';
import { useNames } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable, type Column } from '~/parts/DataTable';
import { useFormat } from '~/parts/format';
import { useTexts } from './texts';

/** Names and prices as read out; large for a projector on demand. */
export function OpeningRecord({ record, tenderId }: { record: readonly OpenedEnvelope[]; tenderId: string }) {
  const t = useTexts();
  const role = useRole();
  const names = useNames(tenderId);
  const { money } = useFormat();
  const [large, setLarge] = useState(false);
  const columns: Column<OpenedEnvelope>[] = [
    { key: 'lot', title: t('lot'), sortBy: (row) => names.lot(row.lot), cell: (row) => names.lot(row.lot) },
    { key: 'bidder', title: t('bidder'), heads: true, sortBy: (row) => row.organizationName, cell: (row) => row.organizationName },
    { key: 'price', title: t('price'), numeric: true, sortBy: (row) => Number(row.price ?? 0), cell: (row) => money(row.price) },
    {
      key: 'status',
      title: t('status'),
      cell: (row) => (row.fault ? t('fault', { code: row.fault }) : row.corrections.length > 0 ? t('corrected') : row.differences.length > 0 ? t('differs') : '–'),
    },
    ...(role === 'officer' && !large ? [confirmation(t, tenderId)] : []),
  ];
  return (
    <section className={large ? 'projector' : undefined}>
      <h2 className="section-title">{t('record')}</h2>
      <p className="no-print">
        <label>
          <input type="checkbox" checked={large} onChange={(event) => setLarge(event.target.checked)} /> {t('projector')}
        </label>
      </p>
      <DataTable label={t('record')} columns={columns} rows={record} rowKey={(row) => row.envelope} />
    </section>
  );
}

function confirmation(t: ReturnType<typeof useTexts>, tenderId: string): Column<OpenedEnvelope> {
  return {
    key: 'confirm',
    title: t('confirm'),
    cell: (row) =>
      row.corrections.length === 0 ? null : (
        <ActionButton
          label={t('confirm')}
          fields={[
            {
              name: 'confirmed',
              label: t('confirmed'),
              kind: 'select',
              required: true,
              options: [
                { value: 'yes', label: t('yes') },
                { value: 'no', label: t('no') },
              ],
            },
            { name: 'answer', label: t('answer'), kind: 'area', required: true },
          ]}
          submit={({ confirmed, answer }) =>
            confirmPrice({ path: { tender_id: tenderId }, body: { envelope: row.envelope, confirmed: confirmed === 'yes', answer: answer ?? '' } })
          }
          refresh={['tender', tenderId]}
        />
      ),
  };
}
