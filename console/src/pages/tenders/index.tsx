import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listTenders } from '~/api/generated';
import type { TenderOut, TenderState } from '~/api/generated';
import { everything } from '~/api/paging';
import { useRole } from '~/app/session';
import { defineTexts } from '~/language';
import { DataTable, type Column } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';
import { NewTender } from './NewTender';
import { TenderStateTag } from './state';

const useTexts = defineTexts('tenders', {
  zh: {
    title: '招标项目',
    name: '项目名称',
    state: '状态',
    move: '待谁处理',
    deadline: '投标截止时间',
    ceiling: '最高限价',
    policy: '评审规则',
    empty: '还没有招标项目',
    officer: '经办人',
    bidders: '投标人',
    committee: '评标委员会',
    nobody: '无',
  },
  en: {
    title: 'Tenders',
    name: 'Tender',
    state: 'State',
    move: 'Next move',
    deadline: 'Bid deadline',
    ceiling: 'Ceiling price',
    policy: 'Policy',
    empty: 'There are no tenders yet',
    officer: 'Officer',
    bidders: 'Bidders',
    committee: 'Evaluation committee',
    nobody: 'Nobody',
  },
});

const MOVES: Record<TenderState, 'officer' | 'bidders' | 'committee' | 'nobody'> = {
  draft: 'officer',
  'active.tendering': 'bidders',
  'active.qualification': 'officer',
  'active.evaluation': 'committee',
  'active.awarded': 'officer',
  complete: 'nobody',
  unsuccessful: 'nobody',
  cancelled: 'nobody',
};

export default function TendersPage() {
  const t = useTexts();
  const query = useQuery({
    queryKey: ['tenders'],
    queryFn: () => everything((page) => listTenders({ query: page })),
  });
  const columns = useColumns();
  const role = useRole();
  return (
    <>
      <PageHeading title={t('title')}>{role === 'officer' && query.data && <NewTender tenders={query.data} />}</PageHeading>
      <Loaded query={query}>
        {(rows) => <DataTable label={t('title')} columns={columns} rows={rows} rowKey={(row) => row.id} empty={t('empty')} />}
      </Loaded>
    </>
  );
}

function useColumns(): Column<TenderOut>[] {
  const t = useTexts();
  const { time, money } = useFormat();
  return [
    {
      key: 'name',
      title: t('name'),
      heads: true,
      sortBy: (row) => row.title,
      cell: (row) => <Link to={`/tenders/${row.id}` as string}>{row.title}</Link>,
    },
    { key: 'state', title: t('state'), cell: (row) => <TenderStateTag state={row.state} /> },
    { key: 'move', title: t('move'), cell: (row) => t(MOVES[row.state]) },
    { key: 'deadline', title: t('deadline'), sortBy: (row) => row.bidDeadline ?? '', cell: (row) => time(row.bidDeadline) },
    { key: 'ceiling', title: t('ceiling'), numeric: true, sortBy: (row) => Number(row.ceiling), cell: (row) => money(row.ceiling) },
    { key: 'policy', title: t('policy'), cell: (row) => `${row.policy.id} · ${row.policy.version}` },
  ];
}
