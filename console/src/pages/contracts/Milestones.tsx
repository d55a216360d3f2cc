import { reachMilestone } from '~/api/generated';
import type { ContractOut, MilestoneOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { useRole } from '~/app/session';
import { useNames } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { ToneTag } from '~/parts/OutcomeTag';
import { useFormat } from '~/parts/format';
import { useTexts } from './texts';

interface Line {
  contract: ContractOut;
  milestone: MilestoneOut;
}

export function Milestones({ lines, tenderId }: { lines: readonly Line[]; tenderId: string }) {
  const t = useTexts();
  const names = useNames(tenderId);
  const role = useRole();
  const { day } = useFormat();
  return (
    <section aria-labelledby="milestones">
      <h2 id="milestones" className="section-title">
        {t('milestones')}
      </h2>
      <DataTable
        label={t('milestones')}
        columns={[
          { key: 'lot', title: t('lot'), heads: true, sortBy: (row) => names.lot(row.contract.lotId), cell: (row) => names.lot(row.contract.lotId) },
          { key: 'milestone', title: t('milestone'), cell: (row) => t(row.milestone.milestone) },
          { key: 'due', title: t('due'), sortBy: (row) => row.milestone.dueOn, cell: (row) => day(row.milestone.dueOn) },
          { key: 'reached', title: t('reached'), cell: (row) => day(row.milestone.reachedOn) },
          { key: 'late', title: t('late'), sortBy: (row) => daysLate(row.milestone), cell: (row) => <Lateness milestone={row.milestone} /> },
          {
            key: 'evidence',
            title: t('evidence'),
            cell: (row) =>
              row.milestone.reachedOn === null && role === 'officer' ? <Reach line={row} tenderId={tenderId} /> : (row.milestone.evidence ?? '–'),
          },
        ]}
        rows={lines}
        rowKey={(row) => row.milestone.id}
      />
    </section>
  );
}

/** Returns how many days late the milestone was reached; 0 if in time or still open. */
export function daysLate({ dueOn, reachedOn }: { dueOn: string; reachedOn: string | null }): number {
  return reachedOn === null ? 0 : Math.max(0, Math.round((Date.parse(reachedOn) - Date.parse(dueOn)) / 86_400_000));
}

function Lateness({ milestone }: { milestone: MilestoneOut }) {
  const t = useTexts();
  if (milestone.reachedOn === null) return <ToneTag tone="open">{t('open')}</ToneTag>;
  const days = daysLate(milestone);
  return days > 0 ? <ToneTag tone="bad">{t('days', { count: days })}</ToneTag> : <ToneTag tone="good">{t('onTime')}</ToneTag>;
}

function Reach({ line, tenderId }: { line: Line; tenderId: string }) {
  const t = useTexts();
  return (
    <ActionButton
      label={t('reach')}
      fields={[
        { name: 'reachedOn', label: t('reached'), kind: 'date', required: true },
        { name: 'evidence', label: t('evidence'), required: true },
      ]}
      submit={({ reachedOn, evidence }) =>
        reachMilestone({
          path: { contract_id: line.contract.id, milestone_id: line.milestone.id },
          headers: onVersion(line.milestone.version),
          body: { reachedOn: reachedOn ?? '', evidence: evidence ?? '' },
        })
      }
      refresh={['tender', tenderId]}
    />
  );
}
