import i18next from 'i18next';
import { useCallback } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';

export type Language = 'zh' | 'en';
const KEPT = 'bidscreen.language';

void i18next.use(initReactI18next).init({
  lng: localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh',
  fallbackLng: false,
  resources: {},
  interpolation: { escapeValue: false },
  returnEmptyString: true,
});
document.documentElement.lang = i18next.language === 'en' ? 'en' : 'zh-CN';

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'zh';
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
}

/** Returns the current language; the component renders again when it changes. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'zh';
}

type Values = Record<string, string | number>;

/**
 * The texts of a page in both languages, under a name of their own; returns the hook that reads them.
 * A text missing in one language is a compile error.
 */
export function defineTexts<Key extends string>(name: string, texts: { zh: Record<Key, string>; en: Record<Key, string> }) {
  i18next.addResourceBundle('zh', name, texts.zh);
  i18next.addResourceBundle('en', name, texts.en);
  return function useTexts() {
    const { t } = useTranslation(name);
    return useCallback((key: Key, values: Values = {}): string => t(key as string, { keySeparator: false, ...values }), [t]);
  };
}

/** Returns the text of a bilingual label in the current language. */
export function useLabel(): (label: { zh: string; en: string } | null | undefined) => string {
  const language = useLanguage();
  return useCallback((label) => label?.[language] ?? '', [language]);
}
