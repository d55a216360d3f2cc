import { decideLateness } from '~/api/generated';
import type { ProposalOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { useRole } from '~/app/session';
import { useNames } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { useTexts } from './texts';

/** Proposed consequences of delays; an officer decides. */
export function Proposals({ proposals, tenderId }: { proposals: readonly ProposalOut[]; tenderId: string }) {
  const t = useTexts();
  const role = useRole();
  const names = useNames(tenderId);
  if (proposals.length === 0) return null;
  return (
    <section aria-labelledby="proposals">
      <h2 id="proposals" className="section-title">
        {t('proposals')}
      </h2>
      <DataTable
        label={t('proposals')}
        columns={[
          { key: 'contractor', title: t('contractor'), heads: true, cell: (row) => names.bidder(row.organizationId) },
          { key: 'days', title: t('late'), numeric: true, cell: (row) => t('days', { count: row.daysLate }) },
          { key: 'consequence', title: t('consequence'), cell: (row) => t(row.consequence) },
          {
            key: 'decision',
            title: t('decision'),
            cell: (row) =>
              row.state === 'open' ? (role === 'officer' ? <Decide proposal={row} tenderId={tenderId} /> : t('undecided')) : t(row.state),
          },
          { key: 'reason', title: t('reason'), cell: (row) => row.reason ?? '–' },
        ]}
        rows={proposals}
        rowKey={(row) => row.id}
      />
    </section>
  );
}

function Decide({ proposal, tenderId }: { proposal: ProposalOut; tenderId: string }) {
  const t = useTexts();
  return (
    <ActionButton
      label={t('decide')}
      fields={[
        {
          name: 'state',
          label: t('decision'),
          kind: 'select',
          required: true,
          options: [
            { value: 'accepted', label: t('accepted') },
            { value: 'dismissed', label: t('dismissed') },
          ],
        },
        { name: 'reason', label: t('reason'), kind: 'area', required: true },
      ]}
      submit={({ state, reason }) =>
        decideLateness({
          path: { proposal_id: proposal.id },
          headers: onVersion(proposal.version),
          body: { decision: state as 'accepted' | 'dismissed', reason: reason ?? '' },
        })
      }
      refresh={['tender', tenderId]}
    />
  );
}
