import { useQuery } from '@tanstack/react-query';
import { listCreditLists } from '~/api/generated';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { useFormat } from '~/parts/format';
import { useTexts } from './texts';

/** Each list with its newest snapshot. */
export function Lists() {
  const t = useTexts();
  const { day } = useFormat();
  const query = useQuery({ queryKey: ['credit', 'lists'], queryFn: async () => (await listCreditLists({})).data });
  return (
    <section aria-labelledby="lists">
      <h2 id="lists" className="section-title">
        {t('lists')}
      </h2>
      <Loaded query={query}>
        {(lists) => (
          <DataTable
            label={t('lists')}
            columns={[
              { key: 'list', title: t('list'), heads: true, cell: (row) => row.name },
              { key: 'state', title: t('state'), cell: (row) => row.newest?.state ?? t('noSnapshot') },
              { key: 'retrieved', title: t('retrieved'), cell: (row) => day(row.newest?.retrievedAt) },
              { key: 'rows', title: t('rows'), numeric: true, cell: (row) => row.newest?.rows ?? '–' },
              { key: 'bad', title: t('bad'), numeric: true, cell: (row) => row.newest?.badRows ?? '–' },
            ]}
            rows={lists}
            rowKey={(row) => row.name}
          />
        )}
      </Loaded>
    </section>
  );
}
