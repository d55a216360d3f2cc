import { expect, expectPage, logIn, test, type Language } from './console';

const TEXTS = {
  zh: { tenders: '招标项目', matrix: '资格矩阵', person: '只看需人工处理的', met: /符合/, order: '排序' },
  en: { tenders: 'Tenders', matrix: 'Qualification matrix', person: 'Needs manual review', met: /Met/, order: 'Sort' },
};

for (const language of ['zh', 'en'] as Language[]) {
  const texts = TEXTS[language];
  test(`an officer walks through the matrix by keyboard (${language})`, async ({ page }) => {
    await logIn(page, 'officer', language);
    await expectPage(page, texts.tenders);
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('navigation').getByRole('link', { name: /矩阵|Matrix/ }).click();
    await expectPage(page, texts.matrix);
    const grid = page.getByRole('grid');
    await expect(grid.locator('tbody tr')).toHaveCount(14);
    await expect(grid.getByRole('columnheader')).toHaveCount(13);
    await expect(grid.getByText(texts.met).first()).toBeVisible();
    await grid.locator('[data-place="0-0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect(grid.locator('[data-place="1-1"]')).toBeFocused();
    await page.keyboard.press('Control+End');
    await expect(grid.locator('[data-place="13-12"]')).toBeFocused();
    await page.getByLabel(texts.person).check();
    await expect(grid.locator('tbody tr')).toHaveCount(2);
    await page.getByLabel(texts.order).selectOption('margin');
    await page.keyboard.press('Tab');
  });
}
