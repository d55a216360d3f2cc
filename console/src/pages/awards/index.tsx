import { useQuery } from '@tanstack/react-query';
import { announceAwards, cancelAward, computeAwardScenario, decideAwards, listAwards, listAwardScenarios } from '~/api/generated';
import type { AwardOut, ScenarioOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { everything } from '~/api/paging';
import { useRole } from '~/app/session';
import { useNames, useTender } from '~/app/tender';
import type { ToneName } from '~/app/tones';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';
import { Rules } from './Rules';
import { useTexts } from './texts';

const TONES: Record<AwardOut['state'], ToneName> = { pending: 'open', active: 'good', unsuccessful: 'bad', cancelled: 'plain' };

export default function AwardsPage() {
  const t = useTexts();
  const role = useRole();
  const { tenderId, query: tender } = useTender();
  const staff = role === 'officer' || role === 'auditor';
  return (
    <>
      <PageHeading title={t('title')} of={tender.data?.title}>
        {role === 'officer' && <Steps tenderId={tenderId} />}
      </PageHeading>
      {staff && <Scenarios tenderId={tenderId} />}
      <Awards tenderId={tenderId} />
    </>
  );
}

function Steps({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const path = { tender_id: tenderId };
  return (
    <>
      <ActionButton label={t('compute')} about={t('computeAbout')} submit={() => computeAwardScenario({ path })} refresh={['tender', tenderId]} />
      <ActionButton label={t('announce')} about={t('announceAbout')} submit={() => announceAwards({ path })} refresh={['tender', tenderId]} />
    </>
  );
}

function Scenarios({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'scenarios'],
    queryFn: () => everything((page) => listAwardScenarios({ path: { tender_id: tenderId }, query: page })),
  });
  return (
    <section aria-labelledby="scenarios">
      <h2 id="scenarios" className="section-title">
        {t('scenarios')}
      </h2>
      <Loaded query={query}>
        {(all) => {
          const newest = all.reduce<ScenarioOut | undefined>((one, other) => (!one || other.createdAt > one.createdAt ? other : one), undefined);
          if (!newest) return <p>{t('noScenario')}</p>;
          return (
            <>
              <Rules scenario={newest} />
              <Assignment scenario={newest} tenderId={tenderId} />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function Assignment({ scenario, tenderId }: { scenario: ScenarioOut; tenderId: string }) {
  const t = useTexts();
  const role = useRole();
  const names = useNames(tenderId);
  const rows = [
    ...scenario.assignment.map((one) => ({ lot: one.lot, winner: names.bidder(one.bidder), tone: 'good' as ToneName })),
    ...scenario.unassigned.map((one) => ({
      lot: one.lot,
      winner: one.limits.length > 0 ? t('limits', { names: one.limits.map(names.bidder).join('、') }) : t('unassigned'),
      tone: 'bad' as ToneName,
    })),
  ];
  return (
    <>
      <h3>{t('assignment')}</h3>
      <DataTable
        label={t('assignment')}
        columns={[
          { key: 'lot', title: t('lot'), heads: true, cell: (row) => names.lot(row.lot) },
          { key: 'winner', title: t('winner'), cell: (row) => <ToneTag tone={row.tone}>{row.winner}</ToneTag> },
        ]}
        rows={rows}
        rowKey={(row) => row.lot}
      />
      {role === 'officer' && scenario.published && (
        <p>
          <ActionButton
            label={t('decide')}
            about={t('decideAbout')}
            fields={[{ name: 'reason', label: t('reason'), kind: 'area' }]}
            submit={({ reason }) => decideAwards({ path: { tender_id: tenderId }, body: { scenario: scenario.id, reason: reason || null } })}
            refresh={['tender', tenderId]}
            primary
          />
        </p>
      )}
    </>
  );
}

function Awards({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const role = useRole();
  const names = useNames(tenderId);
  const { money } = useFormat();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'awards'],
    queryFn: () => everything((page) => listAwards({ path: { tender_id: tenderId }, query: page })),
  });
  return (
    <section aria-labelledby="awards">
      <h2 id="awards" className="section-title">
        {t('awards')}
      </h2>
      <Loaded query={query}>
        {(awards) => (
          <DataTable
            label={t('awards')}
            columns={[
              { key: 'lot', title: t('lot'), heads: true, cell: (row) => names.lot(row.lotId) },
              { key: 'winner', title: t('winner'), cell: (row) => names.bidder(row.organizationId) },
              { key: 'price', title: t('price'), numeric: true, cell: (row) => money(row.price) },
              { key: 'state', title: t('state'), cell: (row) => <ToneTag tone={TONES[row.state]}>{t(`state.${row.state}`)}</ToneTag> },
              { key: 'reason', title: t('reason'), cell: (row) => row.reason ?? '–' },
              ...(role === 'officer'
                ? [{ key: 'act', title: t('actions'), cell: (row: AwardOut) => (row.state === 'active' ? <Cancel award={row} /> : null) }]
                : []),
            ]}
            rows={awards}
            rowKey={(row) => row.id}
            empty={t('none')}
          />
        )}
      </Loaded>
    </section>
  );
}

function Cancel({ award }: { award: AwardOut }) {
  const t = useTexts();
  return (
    <ActionButton
      label={t('cancel')}
      fields={[{ name: 'reason', label: t('reason'), kind: 'area', required: true }]}
      submit={({ reason }) =>
        cancelAward({
          path: { tender_id: award.tenderId, award_id: award.id },
          headers: onVersion(award.version),
          body: { state: 'cancelled', reason: reason ?? '' },
        })
      }
      refresh={['tender', award.tenderId]}
      danger
    />
  );
}
