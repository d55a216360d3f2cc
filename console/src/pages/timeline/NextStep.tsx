import { Link } from '@tanstack/react-router';
import { moveTender, publishTender } from '~/api/generated';
import type { Move, TenderOut } from '~/api/generated';
import { ActionButton } from '~/parts/ActionButton';
import { Publication } from './Publication';
import { useTexts } from './texts';

type To = 'active.evaluation' | 'active.awarded' | 'complete';
const AFTER: Partial<Record<TenderOut['state'], To>> = {
  'active.qualification': 'active.evaluation',
  'active.evaluation': 'active.awarded',
  'active.awarded': 'complete',
};

/** The next step; the service decides whether it is allowed, and states what is missing. */
export function NextStep({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  return (
    <section className="card" aria-labelledby="next-step">
      <h2 id="next-step">{t('next')}</h2>
      <Step tender={tender} />
    </section>
  );
}

function Step({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  const path = { tender_id: tender.id };
  const to = AFTER[tender.state];
  if (tender.state === 'draft') {
    return <ActionButton label={t('publish')} about={<Publication tender={tender} />} submit={() => publishTender({ path })} refresh={['tender', tender.id]} primary />;
  }
  if (tender.state === 'active.tendering') return <Link to={`/tenders/${tender.id}/opening` as string}>{t('toOpening')}</Link>;
  if (!to) return <p>{t('nothing')}</p>;
  return (
    <ActionButton
      label={t(`to.${to}`)}
      about={t('moveAbout')}
      fields={[{ name: 'reason', label: t('reason'), kind: 'area' }]}
      submit={({ reason }) => moveTender({ path, body: { to, reason: reason || null } as Move })}
      refresh={['tender', tender.id]}
      primary
    />
  );
}
