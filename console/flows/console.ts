import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

export type Role = 'officer' | 'evaluator' | 'bidder' | 'auditor' | 'admin';
export type Language = 'zh' | 'en';

const LABELS = {
  zh: { login: '用户名', password: '密码', submit: '登录' },
  en: { login: 'User name', password: 'Password', submit: 'Log in' },
};

/** Login and password of each role, as the demo wrote them. */
function accounts(): Map<string, [string, string]> {
  const lines = readFileSync(process.env.ACCOUNTS ?? '', 'utf8').trim().split('\n');
  return new Map(lines.map((line) => line.split(/\s+/)).map(([role = '', login = '', password = '']) => [role, [login, password]]));
}

/** The password of a role's account. */
export function passwordOf(role: Role): string {
  return accounts().get(role)?.[1] ?? '';
}

/** A page that fails its test on a console error, a violation of the CSP, or a request to another host. */
export const test = base.extend<{ page: Page }>({
  page: async ({ page, baseURL }, use) => {
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !isExpected(message.text())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin) faults.push(`request to ${request.url()}`);
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

/** Browsers report every answer of 4xx as an error: those are the service's to give, not the page's fault. */
function isExpected(text: string): boolean {
  return /Failed to load resource: the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED/.test(text);
}

export async function logIn(page: Page, role: Role, language: Language = 'zh', path = '/console/login'): Promise<void> {
  const [login, password] = accounts().get(role) ?? ['', ''];
  await page.addInitScript((chosen) => {
    if (location.pathname.startsWith('/console')) localStorage.setItem('bidscreen.language', chosen);
  }, language);
  await page.goto(path);
  const labels = LABELS[language];
  await page.getByLabel(labels.login).fill(login);
  await page.getByLabel(labels.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: labels.submit, exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}

/** One `h1` that names the page, a title that says where one is, nothing serious for axe. */
export async function expectPage(page: Page, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
  await expect(page.locator('h1')).toHaveCount(1);
  await expect(page).toHaveTitle(/· bidscreen$/);
  await page.waitForLoadState('networkidle');
  await expectAccessible(page);
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' | ')}`)).toEqual([]);
}

export { expect };
