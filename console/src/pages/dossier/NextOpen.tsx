import { useCallback, useEffect, useRef, useState } from 'react';
import { useTexts } from './texts';

/** Goes to the next open item, by the button or the key N: an unread document or field, an undetermined requirement. */
export function NextOpen() {
  const t = useTexts();
  const [none, setNone] = useState(false);
  const last = useRef<Element | null>(null);
  const go = useCallback(() => {
    const open = [...document.querySelectorAll<HTMLElement>('[data-open]')];
    const next = open[open.indexOf(last.current as HTMLElement) + 1] ?? open[0];
    setNone(!next);
    if (!next) return;
    last.current = next;
    next.scrollIntoView({ block: 'center' });
    next.focus();
  }, []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [role=dialog]');
      if (event.key.toLowerCase() === 'n' && !event.ctrlKey && !event.metaKey && !event.altKey && !typing) go();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [go]);
  return (
    <>
      {none && <span role="status">{t('none')}</span>}
      <button type="button" className="plain-button" onClick={go}>
        {t('next')}
      </button>
    </>
  );
}
