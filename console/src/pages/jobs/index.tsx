import { useQuery } from '@tanstack/react-query';
import { cancelJob, listJobs, retryJob } from '~/api/generated';
import type { JobOut } from '~/api/generated';
import { useRole } from '~/app/session';
import type { ToneName } from '~/app/tones';
import { defineTexts } from '~/language';
import { ActionButton } from '~/parts/ActionButton';
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
    dead: '重试无效',
    cancelled: '已取消',
    step: '操作',
    retry: '重新执行',
    retryAbout: '任务从最近保存的进度继续。',
    cancel: '取消',
    cancelAbout: '已保存的结果保留；尚未读取的文件转为人工审核。',
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
    dead: 'Dead',
    cancelled: 'Cancelled',
    step: 'Action',
    retry: 'Run again',
    retryAbout: 'The job continues from its last saved progress.',
    cancel: 'Cancel',
    cancelAbout: 'Saved results are kept; documents not read yet go to manual review.',
    empty: 'No jobs',
  },
});

type State = 'queued' | 'running' | 'succeeded' | 'failed' | 'dead' | 'cancelled';
const TONES: Record<State, ToneName> = {
  queued: 'plain',
  running: 'open',
  succeeded: 'good',
  failed: 'bad',
  dead: 'bad',
  cancelled: 'plain',
};
const LIVE: readonly string[] = ['queued', 'running'];
const MAY_STEP: readonly string[] = ['officer', 'admin'];
const OFTEN = 1_000;
const SELDOM = 15_000;

/** The newest jobs, refreshed every second while one is running. */
export default function JobsPage() {
  const t = useTexts();
  const { time } = useFormat();
  const mayStep = MAY_STEP.includes(useRole());
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
              ...(mayStep ? [{ key: 'step', title: t('step'), cell: (row: JobOut) => <Step job={row} /> }] : []),
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

/** Runs an ended job again, or cancels a live one. */
function Step({ job }: { job: JobOut }) {
  const t = useTexts();
  if (job.state === 'succeeded') return null;
  const path = { job_id: job.id };
  return LIVE.includes(job.state) ? (
    <ActionButton label={t('cancel')} about={t('cancelAbout')} danger refresh={['jobs']} submit={() => cancelJob({ path })} />
  ) : (
    <ActionButton label={t('retry')} about={t('retryAbout')} refresh={['jobs']} submit={() => retryJob({ path })} />
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
