import { useQueries, useQuery } from '@tanstack/react-query';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { documentsQuery, dossierQuery, readingQuery } from './data';
import { useFieldName } from './fieldNames';
import { useTexts } from './texts';

const COMPARED = ['name', 'uscc', 'authority', 'legalForm', 'personality', 'businessScope', 'validFrom', 'validTo', 'registeredOn', 'number'];

/** Compares the bidder's statements with its certificates. */
export function Comparison({ organizationId }: { organizationId: string }) {
  const t = useTexts();
  const nameOf = useFieldName();
  const dossier = useQuery(dossierQuery(organizationId));
  const documents = useQuery(documentsQuery(organizationId)).data ?? [];
  const certificates = documents.filter((one) => one.kindFound === 'registration_certificate');
  const readings = useQueries({ queries: certificates.map((one) => readingQuery(organizationId, one.id)) });
  const documented = new Map(readings.flatMap(({ data }) => data?.record.fields.map((field) => [field.field, field.value] as const) ?? []));
  return (
    <section aria-labelledby="compare">
      <h2 id="compare" className="section-title">
        {t('compare')}
      </h2>
      <Loaded query={dossier}>
        {({ organization }) => {
          const declared: Record<string, unknown> = { ...organization.registration, name: organization.name, uscc: organization.identifier?.id };
          const rows = COMPARED.map((field) => ({ field, declared: declared[field], documented: documented.get(field) }));
          return (
            <DataTable
              label={t('compare')}
              columns={[
                { key: 'field', title: t('item'), heads: true, cell: (row) => nameOf(row.field) },
                { key: 'declared', title: t('declared'), cell: (row) => shown(row.declared) },
                { key: 'documented', title: t('documented'), cell: (row) => shown(row.documented) },
              ]}
              rows={rows.filter((row) => row.declared != null || row.documented != null)}
              rowKey={(row) => row.field}
            />
          );
        }}
      </Loaded>
    </section>
  );
}

function shown(value: unknown): string {
  return value === null || value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value as string);
}
