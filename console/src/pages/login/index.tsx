import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { LanguageButton } from '~/app/MainMenu';
import { Themed } from '~/app/Themed';
import { defineTexts } from '~/language';
import { LoginForm } from './LoginForm';
import './login.css';

const useTexts = defineTexts('loginPage', {
  zh: { title: '登录', about: '招标与投标人资格筛查', docs: '接口文档' },
  en: { title: 'Log in', about: 'Tender and bidder-qualification screening', docs: 'API reference' },
});

export default function LoginPage() {
  const t = useTexts();
  const enter = useEntrance();
  useEffect(() => {
    document.title = `${t('title')} · bidscreen`;
  }, [t]);
  return (
    <main className="login-page">
      <div className="login-box">
        <p className="login-brand">bidscreen</p>
        <h1>{t('title')}</h1>
        <p className="ink-muted">{t('about')}</p>
        <Themed>
          <LoginForm done={enter} />
        </Themed>
        <p className="login-foot">
          <LanguageButton /> <a href="/docs">{t('docs')}</a>
        </p>
      </div>
    </main>
  );
}

/** Returns the page requested before login; addresses of other sites are ignored. */
function useEntrance() {
  const navigate = useNavigate();
  const router = useRouter();
  const { next } = useSearch({ strict: false }) as { next?: string };
  return () => {
    if (next?.startsWith('/') && !next.startsWith('//')) router.history.push(`/console${next.replace(/^\/console(?=\/|$)/, '')}`);
    else void navigate({ to: '/' });
  };
}
