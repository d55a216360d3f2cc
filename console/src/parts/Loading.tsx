import { defineTexts } from '~/language';
import './loading.css';

const useTexts = defineTexts('loading', { zh: { loading: '正在加载' }, en: { loading: 'Loading' } });

/** A skeleton while loading; `rows`: the expected number of rows. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const t = useTexts();
  return (
    <div role="status" className="skeleton">
      <span className="visually-hidden">{t('loading')}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton-line" style={{ width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
