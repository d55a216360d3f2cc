import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { readMatrix } from '~/api/generated';
import type { MatrixOut } from '~/api/generated';
import { useTender } from '~/app/tender';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { bidderRows, shownRows, type BidderRow, type Ordering } from './data';
import { MatrixBar } from './MatrixBar';
import { MatrixGrid } from './MatrixGrid';
import { useTexts } from './texts';

export default function MatrixPage() {
  const t = useTexts();
  const { tenderId, query: tender } = useTender();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'matrix'],
    queryFn: async () => (await readMatrix({ path: { tender_id: tenderId } })).data,
  });
  return (
    <>
      <PageHeading title={t('title')} of={tender.data?.title}>
        <button type="button" className="plain-button" onClick={() => window.print()}>
          {t('print')}
        </button>
      </PageHeading>
      <Loaded query={query} rows={12}>
        {(matrix) => <Matrix matrix={matrix} tenderId={tenderId} />}
      </Loaded>
    </>
  );
}

function Matrix({ matrix, tenderId }: { matrix: MatrixOut; tenderId: string }) {
  const t = useTexts();
  const navigate = useNavigate();
  const [needsPerson, setNeedsPerson] = useState(false);
  const [ordering, setOrdering] = useState<Ordering>('name');
  const rows = useMemo(() => bidderRows(matrix), [matrix]);
  const shown = useMemo(() => shownRows(rows, needsPerson, ordering), [rows, needsPerson, ordering]);
  const open = useCallback(
    (row: BidderRow, requirement?: string) =>
      void navigate({
        to: `/tenders/${tenderId}/bidders/${row.organizationId}` as string,
        search: (requirement ? { requirement } : {}) as never,
      }),
    [navigate, tenderId],
  );
  if (rows.length === 0) return <p>{t('none')}</p>;
  return (
    <>
      <MatrixBar {...{ needsPerson, setNeedsPerson, ordering, setOrdering }} shown={shown.length} all={rows.length} />
      {shown.length > 0 ? <MatrixGrid columns={matrix.columns} rows={shown} open={open} /> : <p>{t('empty')}</p>}
    </>
  );
}
