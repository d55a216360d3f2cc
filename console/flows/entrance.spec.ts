import { expect, expectPage, logIn, test } from './console';

test('the root leads to the log-in, a wrong password is told at the form', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/console\/login\?next=/);
  await expectPage(page, '登录');
  await page.getByLabel('用户名').fill('nobody');
  await page.getByLabel('密码', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('用户名或密码不正确');
  await expect(page.getByRole('alert')).toContainText('请求编号');
});

test('a deep link is shown after the log-in', async ({ page }) => {
  await logIn(page, 'officer', 'zh', '/console/tenders?from=mail');
  await expect(page).toHaveURL(/\/console\/tenders\?from=mail/);
});

test('logging out ends the session', async ({ page }) => {
  await logIn(page, 'auditor', 'en');
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/console\/login/);
  await page.goto('/console/tenders');
  await expect(page).toHaveURL(/\/console\/login/);
});

test('an address that does not exist says so', async ({ page }) => {
  await logIn(page, 'officer', 'en');
  await page.goto('/console/nowhere');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page or item was not found');
});

test('the reference of the API is shown without a log-in and without the network', async ({ page }) => {
  await page.goto('/docs');
  await expect(page.getByText('Tender and bidder-qualification screening').first()).toBeVisible();
});
