import { useState } from 'react';
import { readDossierUnmasked } from '~/api/generated';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import type { Dossier } from './shapes';
import { useTexts } from './texts';

/** Unmasked numbers for an officer who states a reason; discarded when the page is left. */
export function Unmasked({ organizationId }: { organizationId: string }) {
  const t = useTexts();
  const [roster, setRoster] = useState<Dossier['roster'] | null>(null);
  return (
    <div>
      <ActionButton
        label={t('unmask')}
        about={t('unmaskAbout')}
        fields={[{ name: 'reason', label: t('reason'), required: true }]}
        submit={async ({ reason }) => {
          const { data } = await readDossierUnmasked({ path: { organization_id: organizationId }, body: { reason: reason ?? '' } });
          setRoster((data as unknown as Dossier).roster);
        }}
        refresh={['audit']}
      />
      {roster && (
        <DataTable
          label={t('unmask')}
          columns={[
            { key: 'name', title: t('name'), heads: true, cell: (row) => row.name },
            { key: 'residentId', title: t('residentId'), cell: (row) => <span className="mono">{row.residentId ?? '–'}</span> },
          ]}
          rows={roster}
          rowKey={(row) => `${row.name} ${row.residentId}`}
        />
      )}
    </div>
  );
}
