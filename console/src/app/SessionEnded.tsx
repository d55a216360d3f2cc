import { useEffect, useState } from 'react';
import { onSessionEnd } from '~/api/client';
import { defineTexts } from '~/language';
import { LoginForm } from '~/pages/login/LoginForm';
import { Dialog } from '~/parts/Dialog';
import { useAccount } from './session';

const useTexts = defineTexts('sessionEnded', {
  zh: { title: '登录已结束', text: '请重新登录；页面上已填写的内容仍然保留，登录后可再次提交。' },
  en: { title: 'Your session has ended', text: 'Log in again. Your input on the page is kept; submit it again afterwards.' },
});

/** Covers the page when the session has ended; after a new login the input is still there. */
export function SessionEnded() {
  const t = useTexts();
  const { user } = useAccount();
  const [ended, setEnded] = useState(false);
  useEffect(() => onSessionEnd(() => setEnded(true)), []);
  if (!ended) return null;
  return (
    <Dialog title={t('title')}>
      <p>{t('text')}</p>
      <LoginForm login={user.login} done={() => setEnded(false)} />
    </Dialog>
  );
}
