import { useQuery } from '@tanstack/react-query';
import { changeQualification, createQualification } from '~/api/generated';
import type { BidOut, QualificationOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { useRole } from '~/app/session';
import { bidsQuery, useNames, useTender } from '~/app/tender';
import type { ToneName } from '~/app/tones';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { qualificationsQuery } from './data';
import { useTexts } from './texts';

const TONES: Record<QualificationOut['state'], ToneName> = { pending: 'open', active: 'good', unsuccessful: 'bad', cancelled: 'plain' };

interface Shown {
  screening: string;
  tenderId: string;
  organizationId: string;
}

/** The officer's decision for each lot, with the cited screening. */
export function Decisions({ screening, tenderId, organizationId }: Shown) {
  const t = useTexts();
  const names = useNames(tenderId);
  const role = useRole();
  const { query: tender } = useTender();
  const bids = useQuery(bidsQuery(tenderId));
  const qualifications = useQuery(qualificationsQuery(tenderId)).data ?? [];
  const examined = tender.data?.state === 'active.qualification' || tender.data?.state === 'active.evaluation';
  const decisionOf = (bid: BidOut) => qualifications.find((one) => one.bid === bid.id && one.state !== 'cancelled');
  return (
    <section aria-labelledby="decision">
      <h2 id="decision" className="section-title">
        {t('decision')}
      </h2>
      <Loaded query={bids}>
        {(all) => (
          <DataTable
            label={t('decision')}
            columns={[
              { key: 'lot', title: t('lot'), heads: true, cell: (bid) => names.lot(bid.lotId) },
              {
                key: 'decided',
                title: t('decided'),
                cell: (bid) => {
                  const decided = decisionOf(bid);
                  return decided ? <ToneTag tone={TONES[decided.state]}>{t(`qual.${decided.state}`)}</ToneTag> : '–';
                },
              },
              { key: 'reason', title: t('reason'), cell: (bid) => decisionOf(bid)?.reason ?? '–' },
              ...(role === 'officer' && examined
                ? [
                    {
                      key: 'act',
                      title: t('actions'),
                      cell: (bid: BidOut) => <Decide bid={bid} decided={decisionOf(bid)} screening={screening} tenderId={tenderId} />,
                    },
                  ]
                : []),
            ]}
            rows={all.filter((bid) => bid.organizationId === organizationId)}
            rowKey={(bid) => bid.id}
          />
        )}
      </Loaded>
    </section>
  );
}

type Decided = 'active' | 'unsuccessful';

function Decide({ bid, decided, screening, tenderId }: { bid: BidOut; decided: QualificationOut | undefined; screening: string; tenderId: string }) {
  const t = useTexts();
  return (
    <ActionButton
      label={t('decide')}
      about={t('decideAbout', { screening })}
      fields={[
        {
          name: 'state',
          label: t('decided'),
          kind: 'select',
          required: true,
          options: [
            { value: 'active', label: t('qual.active') },
            { value: 'unsuccessful', label: t('qual.unsuccessful') },
          ],
        },
        { name: 'reason', label: t('reason'), kind: 'area' },
      ]}
      submit={({ state, reason }) =>
        decided
          ? changeQualification({
              path: { tender_id: tenderId, qualification_id: decided.id },
              headers: onVersion(decided.version),
              body: { state: state as Decided, reason: reason || null, screening },
            })
          : createQualification({ path: { tender_id: tenderId }, body: { bid: bid.id, screening, state: state as Decided, reason: reason || null } })
      }
      refresh={['tender', tenderId]}
    />
  );
}
