import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createTender, listLots, listPolicies, readTenderPolicy } from '~/api/generated';
import type { TenderIn, TenderOut } from '~/api/generated';
import { everything } from '~/api/paging';
import { defineTexts, useLabel } from '~/language';
import { ActionButton } from '~/parts/ActionButton';
import { fromChinaTime } from '~/parts/chinaTime';

const useTexts = defineTexts('newTender', {
  zh: {
    label: '新建招标项目',
    about: '采用预设方案，或复制已有项目的规则和采购单元。草稿发布前都可以修改。',
    title: '项目名称',
    from: '依据',
    copy: '复制：{{title}}',
    deadline: '投标截止时间（北京时间）',
    practice: '用途',
    real: '真实采购',
    rehearsal: '演练（时钟可拨，处处标明）',
  },
  en: {
    label: 'New tender',
    about: 'From a preset, or with the policy and the lots of another tender. A draft can be changed until it is published.',
    title: 'Title',
    from: 'Based on',
    copy: 'Copy of {{title}}',
    deadline: 'Bid deadline (China time)',
    practice: 'Purpose',
    real: 'A real procurement',
    rehearsal: 'Practice (its clock can be advanced; every page says so)',
  },
});

/** A draft from a preset, or as a copy of another tender. */
export function NewTender({ tenders }: { tenders: readonly TenderOut[] }) {
  const t = useTexts();
  const label = useLabel();
  const navigate = useNavigate();
  const presets = useQuery({ queryKey: ['policies'], queryFn: async () => (await listPolicies({})).data }).data ?? [];
  return (
    <ActionButton
      label={t('label')}
      about={t('about')}
      fields={[
        { name: 'title', label: t('title'), required: true },
        {
          name: 'policy',
          label: t('from'),
          kind: 'select',
          required: true,
          options: [
            ...presets.map((one) => ({ value: one.id, label: label(one.title) })),
            ...tenders.map((one) => ({ value: one.id, label: t('copy', { title: one.title }) })),
          ],
        },
        { name: 'bidDeadline', label: t('deadline'), kind: 'datetime-local' },
        {
          name: 'practice',
          label: t('practice'),
          kind: 'select',
          initial: 'no',
          options: [
            { value: 'no', label: t('real') },
            { value: 'yes', label: t('rehearsal') },
          ],
        },
      ]}
      submit={async ({ title, policy, bidDeadline, practice }) => {
        const copied = tenders.find((one) => one.id === policy);
        const terms = copied ? await termsOf(copied) : { policy };
        const { data } = await createTender({ body: { ...terms, title: title || null, practice: practice === 'yes', bidDeadline: fromChinaTime(bidDeadline) } });
        await navigate({ to: `/tenders/${data.id}` as string });
      }}
      refresh={['tenders']}
      primary
    />
  );
}

/** Policy, lots and the rest of another tender's terms. */
async function termsOf(tender: TenderOut): Promise<TenderIn> {
  const path = { tender_id: tender.id };
  const policy = (await readTenderPolicy({ path })).data.document;
  const lots = await everything((query) => listLots({ path, query }));
  return {
    policy,
    assurance: tender.assurance,
    ceiling: tender.ceiling,
    lots: lots.map(({ key, name, district, value, ceiling }) => ({ key, name, district, value, ceiling })),
    scheme: tender.scheme,
    award: tender.award,
  };
}
