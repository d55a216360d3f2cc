import { Link, useNavigate } from '@tanstack/react-router';
import { logOut } from '~/api/generated';
import { currentLanguage, defineTexts, setLanguage, useLanguage } from '~/language';
import { useAppearance, type Appearance } from './appearance';
import { menuOf } from './menu';
import { queries } from './providers';
import { accountQuery, useAccount } from './session';

const useTexts = defineTexts('menu', {
  zh: {
    main: '主导航',
    tenders: '招标项目',
    credit: '信用查询',
    approvals: '复核',
    jobs: '任务',
    audit: '审计',
    users: '用户与密钥',
    my: '我的投标',
    account: '账号',
    docs: '接口文档',
    out: '退出登录',
    appearance: '外观',
    system: '跟随系统',
    light: '浅色',
    dark: '深色',
    language: 'English',
  },
  en: {
    main: 'Main',
    tenders: 'Tenders',
    credit: 'Credit search',
    approvals: 'Approvals',
    jobs: 'Jobs',
    audit: 'Audit',
    users: 'Users and keys',
    my: 'My bids',
    account: 'Account',
    docs: 'API reference',
    out: 'Log out',
    appearance: 'Appearance',
    system: 'System setting',
    light: 'Light',
    dark: 'Dark',
    language: '中文',
  },
});

export function MainMenu() {
  const t = useTexts();
  const { user } = useAccount();
  useLanguage();
  return (
    <header className="main-menu">
      <nav aria-label={t('main')}>
        <ul>
          <li>
            <Link to="/" className="brand">
              bidscreen
            </Link>
          </li>
          {menuOf(user.role).map(({ name, path }) => (
            <li key={path}>
              <Link to={path as string}>{t(name)}</Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="main-menu-end">
        <a href="/docs">{t('docs')}</a>
        <AppearanceChoice />
        <LanguageButton />
        <Link to={'/account' as string}>{user.name}</Link>
        <LogOut />
      </div>
    </header>
  );
}

export function LanguageButton() {
  const t = useTexts();
  const other = currentLanguage() === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" lang={other === 'en' ? 'en' : 'zh-CN'} onClick={() => void setLanguage(other)}>
      {t('language')}
    </button>
  );
}

function AppearanceChoice() {
  const t = useTexts();
  const { appearance, choose } = useAppearance();
  return (
    <select aria-label={t('appearance')} value={appearance} onChange={(event) => choose(event.target.value as Appearance)}>
      <option value="system">{t('system')}</option>
      <option value="light">{t('light')}</option>
      <option value="dark">{t('dark')}</option>
    </select>
  );
}

function LogOut() {
  const t = useTexts();
  const navigate = useNavigate();
  const leave = async () => {
    await logOut({});
    await navigate({ to: '/login' });
    queries.clear();
    queries.setQueryData(accountQuery.queryKey, null);
  };
  return (
    <button type="button" onClick={() => void leave()}>
      {t('out')}
    </button>
  );
}
