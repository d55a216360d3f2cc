import type { ScenarioOut } from '~/api/generated';
import { DataTable } from '~/parts/DataTable';
import { useFormat } from '~/parts/format';
import { useTexts } from './texts';

/** Compares the rules on the same rankings, with the cost of a limit in points. */
export function Rules({ scenario }: { scenario: ScenarioOut }) {
  const t = useTexts();
  const { money } = useFormat();
  const own = {
    rule: scenario.rule,
    lots: scenario.assignment.length,
    totalScore: scenario.totalScore,
    totalPrice: scenario.totalPrice,
  };
  const rows = [own, ...scenario.alternatives.filter((one) => one.rule !== scenario.rule)];
  const free = rows.find((row) => row.rule === 'independent');
  return (
    <DataTable
      label={t('scenarios')}
      columns={[
        {
          key: 'rule',
          title: t('rule'),
          heads: true,
          cell: (row) => `${t(`rule.${row.rule}`)}${row === own && scenario.published ? ` · ${t('published')}` : ''}`,
        },
        { key: 'lots', title: t('lots'), numeric: true, cell: (row) => row.lots },
        { key: 'totalScore', title: t('totalScore'), numeric: true, cell: (row) => row.totalScore },
        { key: 'totalPrice', title: t('totalPrice'), numeric: true, cell: (row) => money(row.totalPrice) },
        {
          key: 'cost',
          title: t('cost'),
          numeric: true,
          cell: (row) => (free ? (Number(row.totalScore) - Number(free.totalScore)).toFixed(2) : '–'),
        },
      ]}
      rows={rows}
      rowKey={(row) => row.rule}
    />
  );
}
