import type { Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { expect, expectPage, logIn, test, type Language, type Role } from './console';

type Headings = Record<Language, string>;

const OF_TENDER: Record<string, Headings> = {
  '': { zh: '项目进程', en: 'Timeline' },
  '/matrix': { zh: '资格矩阵', en: 'Qualification matrix' },
  '/leads': { zh: '线索', en: 'Leads' },
  '/opening': { zh: '开标', en: 'Bid opening' },
  '/awards': { zh: '定标', en: 'Awards' },
  '/notices': { zh: '公告与通知', en: 'Notices' },
  '/contracts': { zh: '合同与履约', en: 'Contracts' },
  '/lots/LOT': { zh: '评分与排名', en: 'Score sheet and ranking' },
  '/bidders/ORGANIZATION': { zh: '材料审查', en: 'Dossier review' },
};
const OTHERS: Record<string, Headings> = {
  '/tenders': { zh: '招标项目', en: 'Tenders' },
  '/credit': { zh: '信用查询', en: 'Credit search' },
  '/jobs': { zh: '任务', en: 'Jobs' },
  '/audit': { zh: '审计记录', en: 'Audit trail' },
  '/users': { zh: '用户与密钥', en: 'Users and keys' },
  '/account': { zh: '账号', en: 'Account' },
  '/my': { zh: '我的投标', en: 'My bids' },
};
const VISITS: Record<Role, { tender: string[]; others: string[] }> = {
  officer: { tender: Object.keys(OF_TENDER), others: ['/tenders', '/credit', '/jobs', '/account'] },
  auditor: { tender: ['/matrix', '/opening', '/lots/LOT'], others: ['/audit'] },
  evaluator: { tender: ['', '/lots/LOT', '/awards'], others: ['/account'] },
  bidder: { tender: ['', '/opening', '/awards', '/notices', '/contracts'], others: ['/my', '/jobs'] },
  admin: { tender: [], others: ['/users', '/audit', '/jobs'] },
};
const SHOTS = process.env.SHOTS;

interface Ids {
  tender: string;
  lot: string;
  organization: string;
}

/** Ids of the sample tender, asked of the service as the page would. */
async function idsOf(page: Page): Promise<Ids> {
  return page.evaluate(async () => {
    const read = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const tender = (await read('/tenders')).items.find(({ state }: { state: string }) => state === 'complete').id as string;
    const lot = (await read(`/tenders/${tender}/lots`)).items[0].id as string;
    const bids = await read(`/tenders/${tender}/bids`);
    return { tender, lot, organization: bids.items?.[0]?.organizationId as string };
  });
}

async function visit(page: Page, path: string, heading: string, shot: string): Promise<void> {
  await page.goto(`/console${path}`);
  await expectPage(page, heading);
  await expect(page.getByRole('alert')).toHaveCount(0);
  if (SHOTS) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/${shot}.png` });
  }
}

for (const language of ['zh', 'en'] as Language[]) {
  for (const role of Object.keys(VISITS) as Role[]) {
    test(`every page of the ${role} (${language})`, async ({ page }) => {
      test.setTimeout(180_000);
      await logIn(page, role, language);
      const { tender, others } = VISITS[role];
      for (const path of others) {
        await visit(page, path, OTHERS[path]?.[language] ?? '', `${language}-${role}${path.replaceAll('/', '-')}`);
      }
      if (tender.length === 0) return;
      const ids = await idsOf(page);
      for (const path of tender) {
        const address = path.replace('LOT', ids.lot).replace('ORGANIZATION', ids.organization);
        const name = path.replaceAll('/', '-') || '-timeline';
        await visit(page, `/tenders/${ids.tender}${address}`, OF_TENDER[path]?.[language] ?? '', `${language}-${role}${name}`);
      }
    });
  }
}
