import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { defineTexts } from '~/language';
import { tenderMenuOf } from './menu';
import { useRole } from './session';
import { lotsQuery, tenderQuery } from './tender';
import { useFormat } from '~/parts/format';

const useTexts = defineTexts('tenderMenu', {
  zh: {
    label: '项目导航',
    practice: '演练项目：不是真实采购。演练时钟 {{time}}',
    timeline: '项目进程',
    matrix: '资格矩阵',
    leads: '线索',
    opening: '开标',
    lots: '评分与排名',
    awards: '定标',
    notices: '公告与通知',
    contracts: '合同与履约',
  },
  en: {
    label: 'Tender',
    practice: 'Practice tender, not a real procurement. Practice clock: {{time}}',
    timeline: 'Timeline',
    matrix: 'Matrix',
    leads: 'Leads',
    opening: 'Opening',
    lots: 'Scores and ranking',
    awards: 'Awards',
    notices: 'Notices',
    contracts: 'Contracts',
  },
});

/** The pages of one tender. */
export function TenderMenu({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const role = useRole();
  const firstLot = useQuery(lotsQuery(tenderId)).data?.[0];
  return (
    <>
    <PracticeMark tenderId={tenderId} />
    <nav aria-label={t('label')} className="tender-menu">
      <ul>
        {tenderMenuOf(role).map((name) => (
          <li key={name}>
            <Link to={(name === 'timeline' ? `/tenders/${tenderId}` : `/tenders/${tenderId}/${name}`) as string} activeOptions={{ exact: true }}>
              {t(name)}
            </Link>
          </li>
        ))}
        {role !== 'bidder' && firstLot && (
          <li>
            <Link to={`/tenders/${tenderId}/lots/${firstLot.id}` as string}>{t('lots')}</Link>
          </li>
        )}
      </ul>
    </nav>
    </>
  );
}

/** States on every page of a practice tender that it is one, and what its clock shows. */
export function PracticeMark({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const { time } = useFormat();
  const tender = useQuery(tenderQuery(tenderId)).data;
  if (!tender?.practice) return null;
  return (
    <p className="practice-mark" role="note">
      {t('practice', { time: time(tender.practiceTime) })}
    </p>
  );
}
