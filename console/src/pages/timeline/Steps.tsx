import type { TenderState } from '~/api/generated';
import { useStateTexts } from '../tenders/state';
import { useTexts } from './texts';
import './timeline.css';

const ORDER: TenderState[] = ['draft', 'active.tendering', 'active.qualification', 'active.evaluation', 'active.awarded', 'complete'];

/** The progress of the procedure, from draft to end. */
export function Steps({ state }: { state: TenderState }) {
  const t = useTexts();
  const nameOf = useStateTexts();
  const at = ORDER.indexOf(state);
  if (at < 0) return <p role="status">{nameOf(state)}</p>;
  const standing = (index: number) => (index < at || state === 'complete' ? 'done' : index === at ? 'now' : 'later');
  return (
    <ol className="steps" aria-label={t('steps')}>
      {ORDER.map((step, index) => (
        <li key={step} data-standing={standing(index)} aria-current={index === at ? 'step' : undefined}>
          <span aria-hidden="true">{standing(index) === 'done' ? '✓' : index + 1}</span> {nameOf(step)}
          <span className="visually-hidden">（{t(standing(index))}）</span>
        </li>
      ))}
    </ol>
  );
}
