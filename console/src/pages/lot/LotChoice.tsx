import { Link } from '@tanstack/react-router';
import type { LotOut } from '~/api/generated';
import { defineTexts } from '~/language';

const useTexts = defineTexts('lotChoice', { zh: { lots: '采购单元' }, en: { lots: 'Lots' } });

export function LotChoice({ lots, tenderId, chosen }: { lots: readonly LotOut[]; tenderId: string; chosen: string }) {
  const t = useTexts();
  return (
    <nav aria-label={t('lots')} className="lot-choice">
      {lots.map((lot) => (
        <Link key={lot.id} to={`/tenders/${tenderId}/lots/${lot.id}` as string} aria-current={lot.id === chosen ? 'page' : undefined}>
          {lot.name}
        </Link>
      ))}
    </nav>
  );
}
