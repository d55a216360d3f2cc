import { createJudgement } from '~/api/generated';
import type { CandidateOut, Judgement, MatchOut, QueryIn } from '~/api/generated';
import { useAccount } from '~/app/session';
import type { ToneName } from '~/app/tones';
import { useLanguage } from '~/language';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { ToneTag } from '~/parts/OutcomeTag';
import { useTexts } from './texts';

type Status = 'hit' | 'candidate' | 'clear' | 'insufficient';
const TONES: Record<Status, ToneName> = { hit: 'bad', candidate: 'open', clear: 'good', insufficient: 'plain' };

interface Shown {
  answer: MatchOut;
  queries: Record<string, QueryIn>;
  again: () => void;
}

export function Results({ answer, queries, again }: Shown) {
  const t = useTexts();
  const { user } = useAccount();
  const language = useLanguage();
  const nameOf = (id: string) => [queries[id]?.name, queries[id]?.uscc].filter(Boolean).join(' ') || id;
  const results = Object.entries(answer.results);
  const found = results.flatMap(([id, one]) => [
    ...one.hits.map((hit) => ({ id, ...hit, score: 1, explanations: [] as CandidateOut['explanations'], isHit: true })),
    ...one.candidates.map((candidate) => ({ id, ...candidate, isHit: false })),
  ]);
  return (
    <>
      <DataTable
        label={t('result')}
        columns={[
          { key: 'query', title: t('query'), heads: true, cell: ([id]) => nameOf(id) },
          {
            key: 'status',
            title: t('result'),
            cell: ([, one]) =>
              one.error ? t('error') : <ToneTag tone={TONES[one.status as Status]}>{t(one.status as Status)}</ToneTag>,
          },
        ]}
        rows={results}
        rowKey={([id]) => id}
      />
      {found.length > 0 && (
        <DataTable
          label={t('entry')}
          columns={[
            { key: 'query', title: t('query'), heads: true, cell: (row) => nameOf(row.id) },
            { key: 'entry', title: t('entry'), cell: (row) => `${row.entry.name} ${row.entry.uscc ?? ''}` },
            { key: 'list', title: t('list'), cell: (row) => row.list },
            { key: 'period', title: t('period'), cell: (row) => `${row.entry.from ?? '–'} ${t('until')} ${row.entry.to ?? '–'}` },
            { key: 'reason', title: t('reason'), cell: (row) => row.entry.reason ?? '–' },
            { key: 'score', title: t('score'), numeric: true, sortBy: (row) => row.score, cell: (row) => row.score.toFixed(2) },
            { key: 'why', title: t('why'), cell: (row) => row.explanations.map((one) => one.detail[language]).join('；') || '–' },
            {
              key: 'judge',
              title: t('judge'),
              cell: (row) =>
                row.isHit || user.role !== 'officer' ? null : (
                  <ActionButton
                    label={t('judge')}
                    fields={[
                      {
                        name: 'judgement',
                        label: t('judgement'),
                        kind: 'select',
                        required: true,
                        options: (['same', 'different', 'unsure'] as const).map((value) => ({ value, label: t(value) })),
                      },
                      { name: 'person', label: t('person'), required: true, initial: user.name },
                      { name: 'reason', label: t('reason'), kind: 'area', required: true },
                    ]}
                    submit={async ({ judgement, person, reason }) => {
                      await createJudgement({
                        body: {
                          snapshotId: row.snapshot,
                          entryId: row.entryId,
                          organization: { name: queries[row.id]?.name ?? null, uscc: queries[row.id]?.uscc ?? null },
                          judgement: judgement as Judgement,
                          person: person ?? '',
                          reason: reason ?? '',
                        },
                      });
                      again();
                    }}
                    refresh={['credit']}
                  />
                ),
            },
          ]}
          rows={found}
          rowKey={(row) => `${row.id}/${row.snapshot}/${row.entryId}`}
        />
      )}
    </>
  );
}
