import { useQuery } from '@tanstack/react-query';
import { listNotices } from '~/api/generated';
import type { NoticeOut } from '~/api/generated';
import { everything } from '~/api/paging';
import { useNames, useTender } from '~/app/tender';
import { defineTexts } from '~/language';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';

const useTexts = defineTexts('notices', {
  zh: {
    title: '公告与通知',
    kind: '类型',
    to: '接收方',
    everybody: '社会公众',
    content: '内容',
    at: '发布时间',
    amendment: '更正公告',
    award_result: '中标结果公告',
    own_result: '结果通知',
    lot_failed: '废标公告',
    opening_key: '开标公钥公告',
    empty: '还没有公告或通知',
  },
  en: {
    title: 'Notices',
    kind: 'Kind',
    to: 'To',
    everybody: 'The public',
    content: 'Content',
    at: 'Published',
    amendment: 'Amendment',
    award_result: 'Award notice',
    own_result: 'Own result',
    lot_failed: 'Failed lot',
    opening_key: 'Opening key',
    empty: 'There are no notices yet',
  },
});

export default function NoticesPage() {
  const t = useTexts();
  const { time } = useFormat();
  const { tenderId, query: tender } = useTender();
  const names = useNames(tenderId);
  const query = useQuery({
    queryKey: ['tender', tenderId, 'notices'],
    queryFn: () => everything((page) => listNotices({ path: { tender_id: tenderId }, query: page })),
  });
  return (
    <>
      <PageHeading title={t('title')} of={tender.data?.title} />
      <Loaded query={query}>
        {(notices) => (
          <DataTable
            label={t('title')}
            columns={[
              { key: 'kind', title: t('kind'), heads: true, sortBy: (row) => row.kind, cell: (row) => t(row.kind) },
              { key: 'to', title: t('to'), cell: (row) => (row.organizationId ? names.bidder(row.organizationId) : t('everybody')) },
              { key: 'content', title: t('content'), cell: (row) => <Content notice={row} lot={names.lot} bidder={names.bidder} /> },
              { key: 'at', title: t('at'), sortBy: (row) => row.createdAt, cell: (row) => time(row.createdAt) },
            ]}
            rows={notices}
            rowKey={(row) => row.id}
            empty={t('empty')}
          />
        )}
      </Loaded>
    </>
  );
}

interface Told {
  notice: NoticeOut;
  lot: (id: string | null) => string;
  bidder: (id: string | null) => string;
}

/** Lists the members of a notice; ids of lots and bidders by their names. */
function Content({ notice, lot, bidder }: Told) {
  const content = notice.content as Record<string, unknown>;
  const shown = (value: unknown): string => {
    if (value === null || value === undefined) return '–';
    if (Array.isArray(value)) return value.map(shown).join('；');
    if (typeof value === 'object') return Object.values(value).map(shown).join('，');
    const text = String(value as string);
    return text.startsWith('lot_') ? lot(text) : text.startsWith('org_') ? bidder(text) : text;
  };
  return <>{typeof content.text === 'string' ? content.text : Object.values(content).map(shown).join('；')}</>;
}
