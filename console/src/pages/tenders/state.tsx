import type { TenderState } from '~/api/generated';
import type { ToneName } from '~/app/tones';
import { defineTexts } from '~/language';
import { ToneTag } from '~/parts/OutcomeTag';

const TONES: Record<TenderState, ToneName> = {
  draft: 'plain',
  'active.tendering': 'open',
  'active.qualification': 'open',
  'active.evaluation': 'open',
  'active.awarded': 'good',
  complete: 'good',
  unsuccessful: 'bad',
  cancelled: 'bad',
};

export const useStateTexts = defineTexts<TenderState>('tenderStates', {
  zh: {
    draft: '草稿',
    'active.tendering': '投标中',
    'active.qualification': '资格审查',
    'active.evaluation': '评审中',
    'active.awarded': '已定标',
    complete: '已完成',
    unsuccessful: '废标',
    cancelled: '终止',
  },
  en: {
    draft: 'Draft',
    'active.tendering': 'Tendering',
    'active.qualification': 'Qualification review',
    'active.evaluation': 'Evaluation',
    'active.awarded': 'Awarded',
    complete: 'Complete',
    unsuccessful: 'Failed',
    cancelled: 'Cancelled',
  },
});

export function TenderStateTag({ state }: { state: TenderState }) {
  const t = useStateTexts();
  return <ToneTag tone={TONES[state]}>{t(state)}</ToneTag>;
}
