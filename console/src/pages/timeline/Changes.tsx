import { advancePracticeClock, amendTender, cancelTender, changeTender } from '~/api/generated';
import type { TenderOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { ActionButton } from '~/parts/ActionButton';
import { fromChinaTime, toChinaTime } from '~/parts/chinaTime';
import { useTexts } from './texts';

/** A draft is edited, a published tender is amended, any running one can be cancelled. */
export function Changes({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  const path = { tender_id: tender.id };
  const refresh = ['tender', tender.id];
  const running = tender.state === 'draft' || tender.state.startsWith('active.');
  return (
    <>
      {tender.state === 'draft' && (
        <ActionButton
          label={t('edit')}
          fields={[
            { name: 'title', label: t('name'), required: true, initial: tender.title },
            { name: 'bidDeadline', label: t('deadline'), kind: 'datetime-local', initial: toChinaTime(tender.bidDeadline) },
            {
              name: 'assurance',
              label: t('assurance'),
              kind: 'select',
              initial: tender.assurance,
              options: [
                { value: 'documented', label: t('documented') },
                { value: 'declared', label: t('declared') },
              ],
            },
          ]}
          submit={({ title, bidDeadline, assurance }) =>
            changeTender({
              path,
              headers: onVersion(tender.version),
              body: { title: title ?? '', bidDeadline: fromChinaTime(bidDeadline), assurance: assurance as 'declared' | 'documented' },
            })
          }
          refresh={refresh}
        />
      )}
      {tender.state === 'active.tendering' && (
        <ActionButton
          label={t('amend')}
          about={t('amendAbout')}
          fields={[
            { name: 'text', label: t('text'), kind: 'area', required: true },
            {
              name: 'affectsBids',
              label: t('affects'),
              kind: 'select',
              required: true,
              options: [
                { value: 'yes', label: t('yes') },
                { value: 'no', label: t('no') },
              ],
            },
            { name: 'bidDeadline', label: t('newDeadline'), kind: 'datetime-local' },
          ]}
          submit={({ text, affectsBids, bidDeadline }) =>
            amendTender({ path, body: { text: text ?? '', affectsBids: affectsBids === 'yes', bidDeadline: fromChinaTime(bidDeadline) } })
          }
          refresh={refresh}
        />
      )}
      {tender.practice && (
        <ActionButton
          label={t('advance')}
          about={t('advanceAbout')}
          fields={[{ name: 'to', label: t('advanceTo'), kind: 'datetime-local', required: true, initial: toChinaTime(tender.practiceTime) }]}
          submit={({ to }) => advancePracticeClock({ path, body: { to: fromChinaTime(to) ?? '' } })}
          refresh={refresh}
        />
      )}
      {running && (
        <ActionButton
          label={t('cancel')}
          fields={[{ name: 'reason', label: t('reason'), kind: 'area', required: true }]}
          submit={({ reason }) => cancelTender({ path, body: { reason: reason ?? '' } })}
          refresh={refresh}
          danger
        />
      )}
    </>
  );
}
