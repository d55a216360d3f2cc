import { useQueries, useQuery } from '@tanstack/react-query';
import {
  checkLateness,
  createContract,
  listAwards,
  listContracts,
  listLatenessProposals,
  listMilestones,
  signContract,
} from '~/api/generated';
import type { AwardOut, ContractOut, MilestoneOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { everything } from '~/api/paging';
import { useRole } from '~/app/session';
import { useNames, useTender } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';
import { Milestones } from './Milestones';
import { Proposals } from './Proposals';
import { useTexts } from './texts';

export default function ContractsPage() {
  const t = useTexts();
  const role = useRole();
  const { tenderId, query: tender } = useTender();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'contracts'],
    queryFn: async () => (await everything((page) => listContracts({ query: page }))).filter((one) => one.tenderId === tenderId),
  });
  return (
    <>
      <PageHeading title={t('title')} of={tender.data?.title}>
        {role === 'officer' && <NewContract tenderId={tenderId} />}
        {role === 'officer' && (
          <ActionButton label={t('check')} about={t('checkAbout')} submit={() => checkLateness({})} refresh={['tender', tenderId]} />
        )}
      </PageHeading>
      <p className="prose">{t('about')}</p>
      <Loaded query={query}>{(contracts) => <Contracts contracts={contracts} tenderId={tenderId} />}</Loaded>
    </>
  );
}

function Contracts({ contracts, tenderId }: { contracts: ContractOut[]; tenderId: string }) {
  const t = useTexts();
  const names = useNames(tenderId);
  const role = useRole();
  const { day, money } = useFormat();
  const milestones = useQueries({
    queries: contracts.map((contract) => ({
      queryKey: ['tender', tenderId, 'contracts', contract.id, 'milestones'],
      queryFn: () => everything((page) => listMilestones({ path: { contract_id: contract.id }, query: page })),
    })),
  });
  const proposals = useQuery({
    queryKey: ['tender', tenderId, 'lateness'],
    queryFn: () => everything((page) => listLatenessProposals({ query: page })),
    enabled: role !== 'bidder',
  });
  const lines = contracts.flatMap((contract, index) =>
    (milestones[index]?.data ?? []).map((milestone: MilestoneOut) => ({ contract, milestone })),
  );
  return (
    <>
      <DataTable
        label={t('title')}
        columns={[
          { key: 'lot', title: t('lot'), heads: true, cell: (row) => names.lot(row.lotId) },
          { key: 'contractor', title: t('contractor'), cell: (row) => names.bidder(row.organizationId) },
          { key: 'price', title: t('price'), numeric: true, cell: (row) => money(row.price) },
          { key: 'state', title: t('state'), cell: (row) => t(`state.${row.state}`) },
          {
            key: 'signed',
            title: t('signed'),
            cell: (row) => (row.signedOn === null && role === 'officer' ? <Sign contract={row} /> : day(row.signedOn)),
          },
        ]}
        rows={contracts}
        rowKey={(row) => row.id}
        empty={t('empty')}
      />
      <Milestones lines={lines} tenderId={tenderId} />
      {proposals.data && (
        <Proposals proposals={proposals.data.filter((one) => contracts.some((contract) => contract.id === one.contract))} tenderId={tenderId} />
      )}
    </>
  );
}

function Sign({ contract }: { contract: ContractOut }) {
  const t = useTexts();
  return (
    <ActionButton
      label={t('sign')}
      fields={[{ name: 'signedOn', label: t('signed'), kind: 'date', required: true }]}
      submit={({ signedOn }) =>
        signContract({ path: { contract_id: contract.id }, headers: onVersion(contract.version), body: { signedOn: signedOn ?? '' } })
      }
      refresh={['tender', contract.tenderId]}
    />
  );
}

function NewContract({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const names = useNames(tenderId);
  const awards = useQuery({
    queryKey: ['tender', tenderId, 'awards'],
    queryFn: () => everything((page) => listAwards({ path: { tender_id: tenderId }, query: page })),
  }).data;
  const nameOf = (award: AwardOut) => `${names.lot(award.lotId)} · ${names.bidder(award.organizationId)}`;
  return (
    <ActionButton
      label={t('create')}
      fields={[
        {
          name: 'award',
          label: t('award'),
          kind: 'select',
          required: true,
          options: (awards ?? []).filter((one) => one.state === 'active').map((one) => ({ value: one.id, label: nameOf(one) })),
        },
        { name: 'teamFormedBy', label: t('team_formed'), kind: 'date', required: true },
        { name: 'trainedBy', label: t('trained'), kind: 'date' },
        { name: 'stationedBy', label: t('stationed'), kind: 'date', required: true },
        { name: 'classes', label: t('classes'), required: true, initial: '基础、增能、治理' },
        { name: 'heads', label: t('heads'), kind: 'number', required: true },
      ]}
      submit={({ award, teamFormedBy, trainedBy, stationedBy, classes, heads }) =>
        createContract({
          body: {
            tenderId,
            award: award ?? '',
            teamFormedBy: teamFormedBy ?? '',
            trainedBy: trainedBy || null,
            stationedBy: stationedBy ?? '',
            promise: { classes: (classes ?? '').split(/[、,，]/).map((one) => one.trim()), heads: Number(heads) },
          },
        })
      }
      refresh={['tender', tenderId]}
    />
  );
}
