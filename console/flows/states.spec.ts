import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectPage, logIn, passwordOf, test } from './console';

/** Creates a draft through the form of the page and returns its id. */
async function newDraft(page: Page, title: string): Promise<string> {
  await page.goto('/console/tenders');
  await page.getByRole('button', { name: '新建招标项目' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('项目名称').fill(title);
  await dialog.getByLabel('依据').selectOption({ index: 1 });
  await dialog.getByRole('button', { name: '新建招标项目' }).click();
  await page.waitForURL(/\/tenders\/tender[-_]\w+|\/tenders\/\w{10,}/);
  await expectPage(page, '项目进程');
  return new URL(page.url()).pathname.split('/')[3] ?? '';
}

/** Id of the sample tender, the only complete one: flows add drafts, and practice tenders come first in the list. */
async function sampleTender(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/tenders')).json();
    return items.find(({ state }: { state: string }) => state === 'complete').id as string;
  });
}

test('a session that ends in the middle of a form keeps what was typed', async ({ page, context }) => {
  await logIn(page, 'officer');
  await newDraft(page, '会话测试项目');
  await page.getByRole('button', { name: '修改', exact: true }).click();
  const form = page.getByRole('dialog', { name: '修改' });
  await form.getByLabel('项目名称').fill('会话结束前填写的名称');
  await context.clearCookies();
  await form.getByRole('button', { name: '修改', exact: true }).click();
  const ended = page.getByRole('dialog', { name: '登录已结束' });
  await expect(ended).toBeVisible();
  await expectAccessible(page);
  await ended.getByLabel('密码').fill(passwordOf('officer'));
  await ended.getByRole('button', { name: '登录', exact: true }).click();
  await expect(ended).toHaveCount(0);
  await expect(form.getByLabel('项目名称')).toHaveValue('会话结束前填写的名称');
  await form.getByRole('button', { name: '修改', exact: true }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByText('会话结束前填写的名称').first()).toBeVisible();
});

test('a change by somebody else shows both versions', async ({ page }) => {
  await logIn(page, 'officer');
  const tender = await newDraft(page, '同时修改的项目');
  await page.getByRole('button', { name: '修改', exact: true }).click();
  const form = page.getByRole('dialog', { name: '修改' });
  await form.getByLabel('项目名称').fill('我的名称');
  const status = await page.evaluate(async (id) => {
    const { csrfToken } = await (await fetch('/api/v1/account')).json();
    const { version } = await (await fetch(`/api/v1/tenders/${id}`)).json();
    const answer = await fetch(`/api/v1/tenders/${id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken, 'If-Match': `"${version}"` },
      body: JSON.stringify({ title: '同事的名称' }),
    });
    return answer.status;
  }, tender);
  expect(status).toBe(200);
  await form.getByRole('button', { name: '修改', exact: true }).click();
  await expect(form.getByLabel('项目名称')).toHaveValue('我的名称');
  await expect(form.getByText('最新内容：同事的名称')).toBeVisible();
  await expectAccessible(page);
  await form.getByRole('button', { name: '修改', exact: true }).click();
  await expect(page.getByText('我的名称').first()).toBeVisible();
});

test('wrong input shows the message at its field, in the language of the user, with the request id', async ({ page }) => {
  await logIn(page, 'officer');
  await newDraft(page, '填错的项目');
  await page.getByRole('button', { name: '修改', exact: true }).click();
  const form = page.getByRole('dialog', { name: '修改' });
  await form.getByLabel('项目名称').fill('长'.repeat(600));
  await form.getByRole('button', { name: '修改', exact: true }).click();
  await expect(form.locator('.ant-form-item', { hasText: '项目名称' }).getByText(/^最多\d+个字符$/)).toBeVisible();
  await expect(form.getByRole('alert').filter({ hasText: '请求编号' })).toBeVisible();
  await expect(form.getByLabel('项目名称')).toHaveAttribute('aria-invalid', 'true');
});

test('without a network a banner says so and the input stays', async ({ page, context }) => {
  await logIn(page, 'officer');
  await newDraft(page, '断网的项目');
  await page.getByRole('button', { name: '修改', exact: true }).click();
  const form = page.getByRole('dialog', { name: '修改' });
  await form.getByLabel('项目名称').fill('断网时填写');
  await context.setOffline(true);
  await expect(page.locator('.offline-banner')).toContainText('网络已断开');
  await page.evaluate(() => window.addEventListener('unhandledrejection', (event) => event.preventDefault()));
  await form.getByRole('button', { name: '修改', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText('无法连接服务');
  await context.setOffline(false);
  await expect(page.locator('.offline-banner')).toHaveText('');
  await form.locator('button[type=submit]').click(); // by its type: an icon that fades out still belongs to its name
  await expect(page.getByText('断网时填写').first()).toBeVisible();
});

test('pages that are not there or not for the role say so', async ({ page }) => {
  await logIn(page, 'bidder');
  const sample = await sampleTender(page);
  const absent = `${sample.slice(0, -3)}${sample.endsWith('000') ? '001' : '000'}`;
  for (const [path, text] of [
    ['/console/nowhere', '没有找到这个页面或内容'],
    ['/console/tenders/not-an-id', '没有找到这个页面或内容'],
    [`/console/tenders/${absent}`, '没有找到这个页面或内容'],
    ['/console/users', '您的账号无权查看这里的内容'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('alert').first()).toContainText(text);
    await expect(page.locator('h1')).toHaveCount(1);
    await expect(page).toHaveTitle(/· bidscreen$/);
    await expectAccessible(page);
  }
});

test('slow answers show a skeleton, never an empty page', async ({ page }) => {
  await logIn(page, 'officer');
  const tender = await sampleTender(page);
  let answer = () => {};
  const slow = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/matrix', async (route) => {
    if (route.request().url().includes('/api/')) await slow;
    await route.continue();
  });
  await page.goto(`/console/tenders/${tender}/matrix`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('资格矩阵');
  await expect(page.getByRole('status').filter({ hasText: '正在加载' })).toBeVisible();
  await expectAccessible(page);
  answer();
  await expect(page.getByRole('grid')).toBeVisible();
});

test('a failure of the service is shown with the request id and a way to try again', async ({ page }) => {
  await logIn(page, 'officer');
  const tender = await sampleTender(page);
  let broken = true;
  await page.route('**/api/v1/tenders/*/matrix', async (route) => {
    if (!broken) return route.continue();
    const body = JSON.stringify({ title: '服务繁忙，未作任何更改', status: 409, code: 'busy', requestId: 'r-1' });
    return route.fulfill({ status: 409, headers: { 'X-Request-Id': 'r-1' }, contentType: 'application/problem+json', body });
  });
  await page.goto(`/console/tenders/${tender}/matrix`);
  await expect(page.getByRole('alert')).toContainText('服务繁忙，未作任何更改');
  await expect(page.getByRole('alert')).toContainText('请求编号：r-1');
  broken = false;
  await page.getByRole('button', { name: '重试' }).click();
  await expect(page.getByRole('grid')).toBeVisible();
});

test('dark pages have enough contrast', async ({ page }) => {
  await logIn(page, 'officer');
  await page.getByLabel('外观').selectOption('dark');
  const tender = await sampleTender(page);
  for (const path of ['/tenders', `/tenders/${tender}`, `/tenders/${tender}/matrix`, `/tenders/${tender}/awards`, '/account']) {
    await page.goto(`/console${path}`);
    await page.waitForLoadState('networkidle');
    await expect(page.locator('html')).toHaveAttribute('data-appearance', 'dark');
    await expectAccessible(page);
  }
});

test('the matrix prints on A4 landscape with every row', async ({ page }) => {
  await logIn(page, 'officer');
  await page.goto(`/console/tenders/${await sampleTender(page)}/matrix`);
  await expect(page.getByRole('grid').locator('tbody tr')).toHaveCount(14);
  const printed = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const [, width, height] = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(printed) ?? [];
  expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([842, 595]);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation')).toHaveCount(0);
  const overflow = await page.evaluate(() => {
    document.body.style.width = '1047px'; // A4 landscape less 10 mm on each side, at 96 dpi
    return document.querySelector('.matrix')?.getBoundingClientRect().right ?? Infinity;
  });
  expect(overflow).toBeLessThanOrEqual(1047);
});

test('every page is readable at 390 px', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await logIn(page, 'officer');
  const tender = await sampleTender(page);
  for (const path of ['/tenders', `/tenders/${tender}`, `/tenders/${tender}/matrix`, `/tenders/${tender}/opening`, '/credit', '/account']) {
    await page.goto(`/console${path}`);
    await page.waitForLoadState('networkidle');
    const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(wide, path).toBeLessThanOrEqual(shown ?? 0);
  }
});
