import { Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { App } from 'antd';
import { Suspense, useEffect, useRef } from 'react';
import { Loading } from '~/parts/Loading';
import { MainMenu } from './MainMenu';
import { OfflineBanner } from './OfflineBanner';
import { SessionEnded } from './SessionEnded';
import { Themed } from './Themed';
import { TenderMenu } from './TenderMenu';
import { defineTexts } from '~/language';
import './shell.css';

const useTexts = defineTexts('shell', { zh: { skip: '跳到主要内容' }, en: { skip: 'Skip to the main content' } });

/** The frame around every page behind the log-in. */
export default function Shell() {
  const t = useTexts();
  const { tenderId } = useParams({ strict: false }) as { tenderId?: string };
  const main = useMainFocus();
  return (
    <Themed>
      <App>
        <a className="skip-link" href="#main">
          {t('skip')}
        </a>
        <MainMenu />
        {tenderId && <TenderMenu tenderId={tenderId} />}
        <OfflineBanner />
        <main id="main" ref={main} tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
        <SessionEnded />
      </App>
    </Themed>
  );
}

/** Moves the focus to the content after navigation, as after a page load. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return main;
}
