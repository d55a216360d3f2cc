import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useEffect, type ReactNode } from 'react';
import { useLanguage } from '~/language';
import { useAppearance } from './appearance';
import { themeOf } from './theme';

/** The nonce of this page: browsers hide the attribute from scripts, but not the property. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? '';

/** Ant Design in the language and appearance of the page. Loaded with the first page, not with the entry. */
export function Themed({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const { dark } = useAppearance();
  useEffect(() => {
    dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  }, [language]);
  return (
    <ConfigProvider csp={{ nonce }} locale={language === 'en' ? enUS : zhCN} theme={themeOf(dark)} button={{ autoInsertSpace: false }}>
      {children}
    </ConfigProvider>
  );
}
