import { useEffect, useState } from 'react';
import { useFormat } from '~/parts/format';
import { useTexts } from './texts';

/** Counts down by this device's clock; the service's clock decides. */
export function Countdown({ until }: { until: string }) {
  const t = useTexts();
  const { time } = useFormat();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(tick);
  }, []);
  const left = Math.floor((new Date(until).getTime() - now) / 1000);
  return (
    <p className="countdown" role="timer">
      {t('deadline')}: {time(until)} · {left > 0 ? t('left', { time: clock(left) }) : t('passed')}
    </p>
  );
}

function clock(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const parts = [Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return `${days > 0 ? `${days} d ` : ''}${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}
