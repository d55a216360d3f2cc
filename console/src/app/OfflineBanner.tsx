import { useSyncExternalStore } from 'react';
import { defineTexts } from '~/language';

const useTexts = defineTexts('offline', {
  zh: { text: '网络已断开。已填写的内容仍然保留，恢复连接后可继续提交。' },
  en: { text: 'You are offline. Your input on the page is kept; continue once the connection is back.' },
});

/** States that the browser has no network; the page and what was typed into it stay. */
export function OfflineBanner() {
  const t = useTexts();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status" className="offline-banner" data-shown={!online || undefined}>
      {online ? '' : t('text')}
    </div>
  );
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}
