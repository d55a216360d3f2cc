import { useQuery } from '@tanstack/react-query';
import { askQuestion, listQuestions } from '~/api/generated';
import { everything } from '~/api/paging';
import { lotsQuery, useNames } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { useFormat } from '~/parts/format';
import { useTexts } from './texts';

export function Questions({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const names = useNames(tenderId);
  const { day } = useFormat();
  const lots = useQuery(lotsQuery(tenderId)).data ?? [];
  const query = useQuery({
    queryKey: ['tender', tenderId, 'questions'],
    queryFn: () => everything((page) => listQuestions({ path: { tender_id: tenderId }, query: page })),
  });
  return (
    <section className="card" aria-labelledby="questions">
      <h2 id="questions">{t('questions')}</h2>
      <Loaded query={query} rows={3}>
        {(questions) => (
          <DataTable
            label={t('questions')}
            columns={[
              { key: 'lot', title: t('lot'), heads: true, cell: (row) => names.lot(row.lotId) },
              { key: 'text', title: t('text'), cell: (row) => row.text },
              { key: 'received', title: t('received'), cell: (row) => day(row.receivedOn) },
              { key: 'state', title: t('state'), cell: (row) => t(`q.${row.state}`) },
              { key: 'answer', title: t('answer'), cell: (row) => row.answer ?? '–' },
            ]}
            rows={questions}
            rowKey={(row) => row.id}
            empty={t('noQuestion')}
          />
        )}
      </Loaded>
      <p>
        <ActionButton
          label={t('ask')}
          about={t('askAbout')}
          fields={[
            { name: 'lotId', label: t('lot'), kind: 'select', options: lots.map((lot) => ({ value: lot.id, label: lot.name })) },
            { name: 'knownOn', label: t('known'), kind: 'date', required: true },
            { name: 'text', label: t('text'), kind: 'area', required: true },
          ]}
          submit={({ lotId, knownOn, text }) =>
            askQuestion({ path: { tender_id: tenderId }, body: { lotId: lotId || null, knownOn: knownOn ?? '', text: text ?? '' } })
          }
          refresh={['tender', tenderId, 'questions']}
        />
      </p>
    </section>
  );
}
