import { useQuery } from '@tanstack/react-query';
import type { TenderOut } from '~/api/generated';
import { lotsQuery } from '~/app/tender';
import { useLabel } from '~/language';
import { Facts } from '~/parts/Facts';
import { useFormat } from '~/parts/format';
import { schemeOf } from '../lot/scheme';
import { useTexts } from './texts';

/** What publication freezes, as it stands now, with the warnings. */
export function Publication({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  const label = useLabel();
  const { time, money } = useFormat();
  const lots = useQuery(lotsQuery(tender.id)).data ?? [];
  const { factors, price } = schemeOf(tender);
  const scheme = [`${t('price')} ${price.points}`, ...factors.map((one) => `${label(one.title)} ${one.points}`)];
  return (
    <>
      <p>{t('publishAbout')}</p>
      <Facts
        of={[
          [t('name'), tender.title],
          [t('deadline'), time(tender.bidDeadline)],
          [t('policy'), `${tender.policy.id} · ${tender.policy.version} · ${tender.policy.sha256.slice(0, 16)}…`],
          [t('assurance'), t(tender.assurance)],
          [t('ceiling'), money(tender.ceiling)],
          [t('lots'), lots.map((lot) => `${lot.name} ${money(lot.value)}`).join('；')],
          [t('scheme'), scheme.join('；')],
          [t('warnings'), tender.warnings.map((one) => `${t(one.code)}（${one.article}）`).join('；') || '–'],
        ]}
      />
    </>
  );
}
