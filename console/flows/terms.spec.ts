import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectPage, logIn, test, type Language } from './console';

const TEXTS = {
  zh: {
    create: '新建招标项目',
    name: '项目名称',
    from: '依据',
    purpose: '用途',
    deadline: '投标截止时间（北京时间）',
    timeline: '项目进程',
    mark: '演练项目',
    open: '编辑条款',
    terms: '招标条款',
    staff: /^专职人员不少于8名 · 资格条件 · 最低数$/,
    ceiling: /^招标 · 最高限价（元）$/,
    saved: /^已保存$/,
    refused: '未保存',
    publish: '发布招标',
    advance: '拨动演练时钟',
    to: '拨到（北京时间）',
  },
  en: {
    create: 'New tender',
    name: 'Title',
    from: 'Based on',
    purpose: 'Purpose',
    deadline: 'Bid deadline (China time)',
    timeline: 'Timeline',
    mark: 'Practice tender',
    open: 'Edit the terms',
    terms: 'Terms',
    staff: /^8 or more full-time staff · Requirements · Minimum$/,
    ceiling: /^Tender · Ceiling price \(yuan\)$/,
    saved: /^Saved$/,
    refused: 'Not saved',
    publish: 'Publish the tender',
    advance: 'Advance the practice clock',
    to: 'Advance to (China time)',
  },
};

async function policyOf(page: Page): Promise<{ requirements: { id: string; minimum?: number }[]; tender: { ceiling: string } }> {
  const tender = new URL(page.url()).pathname.split('/')[3];
  return page.evaluate(async (id) => (await (await fetch(`/api/v1/tenders/${id}/policy`)).json()).document, tender);
}

for (const language of ['zh', 'en'] as Language[]) {
  const texts = TEXTS[language];
  test(`an officer makes a practice tender and edits its terms (${language})`, async ({ page }) => {
    await logIn(page, 'officer', language);
    await page.getByRole('button', { name: texts.create }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(texts.name).fill('Practice 1');
    await dialog.getByLabel(texts.from).selectOption('suzhou-current');
    await dialog.getByLabel(texts.purpose).selectOption('yes');
    await dialog.getByLabel(texts.deadline).fill('2027-06-01T09:30');
    await dialog.getByRole('button', { name: texts.create }).click();
    await expectPage(page, texts.timeline);
    await expect(page.getByRole('note')).toContainText(texts.mark);

    await page.getByRole('button', { name: texts.open }).click();
    const terms = page.getByRole('table', { name: texts.terms });
    const staff = terms.getByLabel(texts.staff);
    await expect(staff).toHaveValue('8');
    await expect(terms.getByRole('row').filter({ has: page.getByLabel(texts.staff) })).toContainText('第四部分');
    await expectAccessible(page);

    await staff.fill('many');
    await expect(page.getByRole('status').filter({ hasText: texts.refused })).toBeVisible();
    await expect(staff).toHaveAttribute('aria-invalid', 'true');
    await expect(staff).toHaveAccessibleDescription(/.+/);
    await expectAccessible(page);
    expect((await policyOf(page)).requirements.find(({ id }) => id === 'full_time_staff')?.minimum).toBe(8);

    await staff.fill('9');
    await terms.getByLabel(texts.ceiling).fill('990000.00');
    await expect(page.getByRole('status').filter({ hasText: texts.saved })).toBeVisible();
    const { requirements, tender } = await policyOf(page);
    expect(requirements.find(({ id }) => id === 'full_time_staff')?.minimum).toBe(9);
    expect(Number(tender.ceiling)).toBe(990000);

    await page.getByRole('button', { name: texts.publish }).click();
    const preview = page.getByRole('dialog', { name: texts.publish });
    await expect(preview).toContainText('990,000.00');
    await expect(preview).toContainText('suzhou-current');
    await expectAccessible(page);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: texts.advance }).click();
    await page.getByRole('dialog').getByLabel(texts.to).fill('2027-03-01T08:00');
    await page.getByRole('dialog').getByRole('button', { name: texts.advance }).click();
    await expect(page.getByRole('note')).toContainText('2027');
  });
}
