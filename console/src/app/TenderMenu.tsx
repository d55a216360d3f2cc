import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { defineTexts } from '~/language';
import { tenderMenuOf } from './menu';
import { useRole } from './session';
import { lotsQuery } from './tender';

const useTexts = defineTexts('tenderMenu', {
  zh: {
    label: '项目导航',
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
  );
}
