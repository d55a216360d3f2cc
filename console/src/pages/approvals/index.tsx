import { useQuery } from '@tanstack/react-query';
import { agreeApproval, declineApproval, listApprovals } from '~/api/generated';
import type { ApprovalOut } from '~/api/generated';
import { defineTexts } from '~/language';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';

const useTexts = defineTexts('approvals', {
  zh: {
    title: '待复核事项',
    act: '事项',
    article: '依据',
    changes: '将发生的变化',
    proposed: '提交人',
    at: '提交时间',
    step: '操作',
    agree: '同意',
    agreeAbout: '同意后立即执行，审计记录载明两人。',
    decline: '不同意',
    reason: '理由',
    key: '开标密钥文件内容（JSON）',
    hidden: '开标前不显示',
    empty: '没有待复核事项',
  },
  en: {
    title: 'Waiting for a second person',
    act: 'Act',
    article: 'Article',
    changes: 'What would change',
    proposed: 'Proposed by',
    at: 'Proposed',
    step: 'Action',
    agree: 'Agree',
    agreeAbout: 'The act is carried out at once; the trail names both.',
    decline: 'Decline',
    reason: 'Reason',
    key: 'Content of the key file (JSON)',
    hidden: 'Not shown before the opening',
    empty: 'Nothing is waiting',
  },
});

/** The proposals that another account may agree to or decline. */
export default function ApprovalsPage() {
  const t = useTexts();
  const { time } = useFormat();
  const query = useQuery({
    queryKey: ['approvals'],
    queryFn: async () => (await listApprovals({ query: { limit: 100, state: 'pending' } })).data.items,
  });
  return (
    <>
      <PageHeading title={t('title')} />
      <Loaded query={query}>
        {(waiting) => (
          <DataTable
            label={t('title')}
            columns={[
              { key: 'act', title: t('act'), heads: true, cell: (row) => `${row.act} ${row.subject}` },
              { key: 'article', title: t('article'), cell: (row) => row.article },
              { key: 'changes', title: t('changes'), cell: (row) => <Changes approval={row} /> },
              { key: 'proposed', title: t('proposed'), cell: (row) => `${row.proposedRole} ${row.proposedBy}` },
              { key: 'at', title: t('at'), cell: (row) => time(row.proposedAt) },
              { key: 'step', title: t('step'), cell: (row) => <Step approval={row} /> },
            ]}
            rows={waiting}
            rowKey={(row) => row.id}
            empty={t('empty')}
          />
        )}
      </Loaded>
    </>
  );
}

function Changes({ approval }: { approval: ApprovalOut }) {
  const t = useTexts();
  if (approval.request === null) return <>{t('hidden')}</>;
  return <pre>{JSON.stringify({ request: approval.request, changes: approval.changes }, null, 1)}</pre>;
}

function Step({ approval }: { approval: ApprovalOut }) {
  const t = useTexts();
  const path = { approval_id: approval.id };
  const isSecret = approval.request === null;
  return (
    <span className="row-actions">
      <ActionButton
        label={t('agree')}
        about={t('agreeAbout')}
        primary
        refresh={[]}
        fields={isSecret ? [{ name: 'key', label: t('key'), kind: 'area', required: true }] : []}
        submit={({ key }) => agreeApproval({ path, body: isSecret ? { request: JSON.parse(key ?? '') as Record<string, unknown> } : {} })}
      />
      <ActionButton
        label={t('decline')}
        danger
        refresh={['approvals']}
        fields={[{ name: 'reason', label: t('reason'), required: true }]}
        submit={({ reason }) => declineApproval({ path, body: { reason: reason ?? '' } })}
      />
    </span>
  );
}
