import { useEffect } from 'react';
import { defineTexts } from '~/language';
import { Failure } from '~/parts/Failure';
import { Problem } from '~/api/problem';

const useTexts = defineTexts('routeFailure', {
  zh: { missing: '没有找到', failed: '出错了' },
  en: { missing: 'Not found', failed: 'Error' },
});

/** Replaces a page that could not be shown, or does not exist. */
export function RouteFailure({ error }: { error?: unknown }) {
  const t = useTexts();
  const title = t(error === undefined ? 'missing' : 'failed');
  useEffect(() => {
    document.title = `${title} · bidscreen`;
  }, [title]);
  return (
    <main style={{ padding: 24 }}>
      <Failure error={error ?? new Problem(404, { code: 'not_found' }, '')} page />
    </main>
  );
}
