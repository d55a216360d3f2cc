import { useQuery } from '@tanstack/react-query';
import { listJobs } from '~/api/generated';
import type { JobOut } from '~/api/generated';
import type { ToneName } from '~/app/tones';
import { defineTexts } from '~/language';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';

const useTexts = defineTexts('jobs', {
  zh: {
    title: '任务',
    kind: '任务',
    state: '状态',
    progress: '进度',
    created: '提交时间',
    finished: '结束时间',
    error: '失败原因',
    queued: '排队中',
    running: '进行中',
    succeeded: '已完成',
    failed: '失败',
    empty: '没有任务',
  },
  en: {
    title: 'Jobs',
    kind: 'Job',
    state: 'State',
    progress: 'Progress',
    created: 'Submitted',
    finished: 'Finished',
    error: 'Reason of the failure',
    queued: 'Queued',
    running: 'Running',
    succeeded: 'Done',
    failed: 'Failed',
    empty: 'No jobs',
  },
});

type State = 'queued' | 'running' | 'succeeded' | 'failed';
const TONES: Record<State, ToneName> = { queued: 'plain', running: 'open', succeeded: 'good', failed: 'bad' };
const OFTEN = 1_000;
const SELDOM = 15_000;

/** The newest jobs, refreshed every second while one is running. */
export default function JobsPage() {
  const t = useTexts();
  const { time } = useFormat();
  const query = useQuery({
    queryKey: ['jobs'],
    queryFn: async () => (await listJobs({ query: { limit: 100 } })).data.items,
    refetchInterval: ({ state }) => (state.data?.some((job) => job.finishedAt === null) ? OFTEN : SELDOM),
  });
  return (
    <>
      <PageHeading title={t('title')} />
      <Loaded query={query}>
        {(jobs) => (
          <DataTable
            label={t('title')}
            columns={[
              { key: 'kind', title: t('kind'), heads: true, cell: (row) => row.kind },
              { key: 'state', title: t('state'), cell: (row) => <ToneTag tone={TONES[row.state as State]}>{t(row.state as State)}</ToneTag> },
              { key: 'progress', title: t('progress'), cell: (row) => <Progress job={row} /> },
              { key: 'created', title: t('created'), cell: (row) => time(row.createdAt) },
              { key: 'finished', title: t('finished'), cell: (row) => time(row.finishedAt) },
              { key: 'error', title: t('error'), cell: (row) => row.error?.detail ?? row.error?.code ?? '–' },
            ]}
            rows={jobs}
            rowKey={(row) => row.id}
            empty={t('empty')}
          />
        )}
      </Loaded>
    </>
  );
}

function Progress({ job }: { job: JobOut }) {
  if (job.total === null) return <>{job.done || '–'}</>;
  return (
    <>
      {job.finishedAt === null && <progress value={job.done} max={job.total} aria-label={job.kind} />} {job.done} / {job.total}
    </>
  );
}
