import { useQuery } from '@tanstack/react-query';
import { closeBidding, readOpening } from '~/api/generated';
import type { OpeningOut, TenderOut } from '~/api/generated';
import { Problem } from '~/api/problem';
import { useRole } from '~/app/session';
import { useNames, useTender } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Facts } from '~/parts/Facts';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { CeremonyForm } from './CeremonyForm';
import { Countdown } from './Countdown';
import { CustodianPart } from './CustodianPart';
import { OpeningRecord } from './OpeningRecord';
import { useTexts } from './texts';
import './opening.css';

export default function OpeningPage() {
  const t = useTexts();
  const role = useRole();
  const { tenderId, query: tender } = useTender();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'opening'],
    queryFn: async (): Promise<OpeningOut | null> => {
      try {
        return (await readOpening({ path: { tender_id: tenderId } })).data;
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  });
  return (
    <>
      <PageHeading title={t('title')} of={tender.data?.title} />
      <Loaded query={tender}>
        {(shown) => (
          <Loaded query={query}>
            {(opening) =>
              opening === null ? (
                <>
                  <p>{t('noKey')}</p>
                  {role === 'officer' && shown.state === 'draft' && <CeremonyForm tenderId={tenderId} />}
                </>
              ) : (
                <Opening opening={opening} tender={shown} />
              )
            }
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

function Opening({ opening, tender }: { opening: OpeningOut; tender: TenderOut }) {
  const t = useTexts();
  const role = useRole();
  return (
    <>
      <p className="prose">{t('explained', { threshold: opening.threshold })}</p>
      {tender.bidDeadline && opening.closedAt === null && <Countdown until={tender.bidDeadline} />}
      {role === 'officer' && opening.closedAt === null && tender.state === 'active.tendering' && (
        <p>
          <ActionButton
            label={t('close')}
            about={t('closeAbout')}
            submit={() => closeBidding({ path: { tender_id: tender.id } })}
            refresh={['tender', tender.id]}
            primary
          />
        </p>
      )}
      {role === 'officer' && opening.closedAt !== null && opening.openedAt === null && <CustodianPart tenderId={tender.id} />}
      {opening.record !== null && <OpeningRecord record={opening.record} tenderId={tender.id} />}
      <Published opening={opening} tenderId={tender.id} />
    </>
  );
}

function Published({ opening, tenderId }: { opening: OpeningOut; tenderId: string }) {
  const t = useTexts();
  const names = useNames(tenderId);
  return (
    <>
      <h2 className="section-title">{t('custodians')}</h2>
      <DataTable
        label={t('custodians')}
        columns={[
          { key: 'name', title: t('name'), heads: true, cell: (row) => row.name },
          { key: 'recipient', title: t('recipient'), cell: (row) => <span className="mono">{row.recipient}</span> },
        ]}
        rows={opening.custodians}
        rowKey={(row) => row.recipient}
      />
      {opening.envelopes !== null && (
        <>
          <h2 className="section-title">{t('list')}</h2>
          <DataTable
            label={t('list')}
            columns={[
              { key: 'lot', title: t('lot'), heads: true, sortBy: (row) => names.lot(row.lot), cell: (row) => names.lot(row.lot) },
              { key: 'receipt', title: t('receipt'), cell: (row) => <span className="mono">{row.receipt}</span> },
              { key: 'sha256', title: t('hash'), cell: (row) => <span className="mono">{row.sha256}</span> },
            ]}
            rows={opening.envelopes}
            rowKey={(row) => row.receipt}
          />
        </>
      )}
      {opening.failedLots !== null && opening.failedLots.length > 0 && (
        <DataTable
          label={t('failed')}
          columns={[
            { key: 'lot', title: t('failed'), heads: true, cell: (row) => names.lot(row.lot) },
            { key: 'envelopes', title: t('envelopes'), numeric: true, cell: (row) => row.envelopes },
          ]}
          rows={opening.failedLots}
          rowKey={(row) => row.lot}
        />
      )}
      <Facts
        of={[
          [t('threshold'), `${opening.threshold} / ${opening.custodians.length}`],
          [t('listHash'), <span className="mono">{opening.listSha256 ?? '–'}</span>],
          [t('seed'), <span className="mono">{opening.drawSeed ?? '–'}</span>],
        ]}
      />
    </>
  );
}
