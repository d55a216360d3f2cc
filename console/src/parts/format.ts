import { useMemo } from 'react';
import { useLanguage } from '~/language';

const ZONE = 'Asia/Shanghai';

/** Formats days, times and amounts in the user's language; times are China time, which deadlines use. */
export function useFormat() {
  const language = useLanguage();
  return useMemo(() => {
    const locale = language === 'en' ? 'en-GB' : 'zh-CN';
    const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: ZONE });
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: ZONE });
    const money = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
    return {
      time: (value: string | null | undefined) => (value ? time.format(new Date(value)) : '–'),
      day: (value: string | null | undefined) => (value ? day.format(new Date(value)) : '–'),
      money: (value: string | null | undefined) => (value ? `¥${money.format(value as unknown as number)}` : '–'),
    };
  }, [language]);
}
