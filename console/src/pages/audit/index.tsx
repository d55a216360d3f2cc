import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { listAuditEvents, listCheckpoints, verifyAudit } from '~/api/generated';
import { everything } from '~/api/paging';
import { defineTexts } from '~/language';
import { DataTable } from '~/parts/DataTable';
import { download } from '~/parts/download';
import { Failure } from '~/parts/Failure';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';

const useTexts = defineTexts('audit', {
  zh: {
    title: '审计记录',
    chain: '链（项目编号）',
    subject: '对象编号',
    filter: '筛选',
    more: '更多',
    at: '时间',
    event: '事件',
    actor: '操作人',
    role: '角色',
    object: '对象',
    sequence: '序号',
    hash: '校验值',
    verify: '校验全部记录',
    intact: '记录完整：{{events}} 条，{{chains}} 条链',
    broken: '记录不完整',
    detail: '说明',
    checkpoints: '下载检查点',
    empty: '没有记录',
  },
  en: {
    title: 'Audit trail',
    chain: 'Chain (tender id)',
    subject: 'Subject id',
    filter: 'Filter',
    more: 'More',
    at: 'Time',
    event: 'Event',
    actor: 'Actor',
    role: 'Role',
    object: 'Subject',
    sequence: 'No.',
    hash: 'Hash',
    verify: 'Verify the whole trail',
    intact: 'Intact: {{events}} events in {{chains}} chains',
    broken: 'The trail is broken',
    detail: 'Detail',
    checkpoints: 'Download checkpoints',
    empty: 'No events',
  },
});

interface Filter {
  chain?: string;
  subject?: string;
}

export default function AuditPage() {
  const t = useTexts();
  const [filter, setFilter] = useState<Filter>({});
  return (
    <>
      <PageHeading title={t('title')}>
        <Checkpoints />
      </PageHeading>
      <Verification />
      <FilterForm apply={setFilter} />
      <Events key={JSON.stringify(filter)} filter={filter} />
    </>
  );
}

function FilterForm({ apply }: { apply: (filter: Filter) => void }) {
  const t = useTexts();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(event.currentTarget)].filter(([, value]) => value !== ''));
    apply(given as Filter);
  };
  return (
    <form onSubmit={submit} className="matrix-bar row-actions" style={{ margin: '12px 0' }}>
      <label>
        {t('chain')} <input name="chain" className="native-select" maxLength={64} />
      </label>
      <label>
        {t('subject')} <input name="subject" className="native-select" maxLength={64} />
      </label>
      <button type="submit" className="plain-button">
        {t('filter')}
      </button>
    </form>
  );
}

function Events({ filter }: { filter: Filter }) {
  const t = useTexts();
  const { time } = useFormat();
  const [limit, setLimit] = useState(50);
  const query = useQuery({
    queryKey: ['audit', filter, limit],
    queryFn: async () => (await listAuditEvents({ query: { ...filter, limit } })).data.items,
    placeholderData: (before) => before,
  });
  return (
    <Loaded query={query}>
      {(events) => (
        <>
          <DataTable
            label={t('title')}
            columns={[
              { key: 'at', title: t('at'), cell: (row) => time(row.occurredAt) },
              { key: 'event', title: t('event'), heads: true, cell: (row) => row.event },
              { key: 'actor', title: t('actor'), cell: (row) => <span className="mono">{row.actorId}</span> },
              { key: 'role', title: t('role'), cell: (row) => row.actorRole },
              { key: 'object', title: t('object'), cell: (row) => <span className="mono">{row.subjectId}</span> },
              { key: 'sequence', title: t('sequence'), numeric: true, cell: (row) => row.sequence },
              { key: 'hash', title: t('hash'), cell: (row) => <span className="mono">{row.hash.slice(0, 12)}…</span> },
            ]}
            rows={events}
            rowKey={(row) => row.id}
            empty={t('empty')}
          />
          {events.length === limit && limit < 200 && (
            <p>
              <button type="button" className="plain-button" onClick={() => setLimit(200)}>
                {t('more')}
              </button>
            </p>
          )}
        </>
      )}
    </Loaded>
  );
}

function Verification() {
  const t = useTexts();
  const run = useMutation({ mutationFn: async () => (await verifyAudit({})).data });
  return (
    <>
      <button type="button" className="plain-button" disabled={run.isPending} onClick={() => run.mutate()}>
        {t('verify')}
      </button>
      {run.error && <Failure error={run.error} />}
      {run.data && (
        <p role="status">
          {run.data.intact ? (
            <ToneTag tone="good">{t('intact', { events: run.data.events, chains: run.data.chains })}</ToneTag>
          ) : (
            <ToneTag tone="bad">{t('broken')}</ToneTag>
          )}
        </p>
      )}
      {run.data && !run.data.intact && (
        <DataTable
          label={t('broken')}
          columns={[
            { key: 'chain', title: t('chain'), heads: true, cell: (row) => <span className="mono">{row.chain}</span> },
            { key: 'sequence', title: t('sequence'), numeric: true, cell: (row) => row.sequence },
            { key: 'detail', title: t('detail'), cell: (row) => `${row.code}: ${row.detail}` },
          ]}
          rows={run.data.breaks}
          rowKey={(row) => `${row.chain}/${row.sequence}/${row.code}`}
        />
      )}
    </>
  );
}

function Checkpoints() {
  const t = useTexts();
  const save = async () => {
    const all = await everything((query) => listCheckpoints({ query }));
    download('checkpoints.jsonl', all.map((one) => `${one.line}\n`).join(''));
  };
  return (
    <button type="button" className="plain-button" onClick={() => void save()}>
      {t('checkpoints')}
    </button>
  );
}
