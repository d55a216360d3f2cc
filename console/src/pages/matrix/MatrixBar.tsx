import type { Ordering } from './data';
import { useTexts } from './texts';

interface Shown {
  needsPerson: boolean;
  setNeedsPerson: (value: boolean) => void;
  ordering: Ordering;
  setOrdering: (value: Ordering) => void;
  shown: number;
  all: number;
}

export function MatrixBar({ needsPerson, setNeedsPerson, ordering, setOrdering, shown, all }: Shown) {
  const t = useTexts();
  return (
    <div className="matrix-bar">
      <label className="no-print">
        <input type="checkbox" checked={needsPerson} onChange={(event) => setNeedsPerson(event.target.checked)} /> {t('needsPerson')}
      </label>
      <label className="no-print">
        {t('order')}{' '}
        <select value={ordering} onChange={(event) => setOrdering(event.target.value as Ordering)}>
          <option value="name">{t('order.name')}</option>
          <option value="margin">{t('order.margin')}</option>
          <option value="score">{t('order.score')}</option>
        </select>
      </label>
      <span role="status">{t('counted', { shown, all })}</span>
      <span className="ink-muted no-print">{t('keys')}</span>
    </div>
  );
}
