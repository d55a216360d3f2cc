import { useQuery } from '@tanstack/react-query';
import { askReview, listScreenings } from '~/api/generated';
import { everything } from '~/api/paging';
import { bidsQuery, useNames } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { useFormat } from '~/parts/format';
import { explanationQuery, qualificationsQuery } from '../dossier/data';
import { useTexts } from './texts';

/** The bidder's own bids with decision and reasons, and the screening explained. */
export function Outcome({ tenderId, organizationId }: { tenderId: string; organizationId: string }) {
  const t = useTexts();
  const names = useNames(tenderId);
  const { money } = useFormat();
  const bids = useQuery(bidsQuery(tenderId));
  const decisions = useQuery(qualificationsQuery(tenderId)).data ?? [];
  const screenings = useQuery({
    queryKey: ['tender', tenderId, 'screenings', organizationId],
    queryFn: async () =>
      (await everything((page) => listScreenings({ query: page }))).filter((one) => one.tenderId === tenderId && one.organizationId === organizationId),
  });
  const newest = [...(screenings.data ?? [])].sort((one, other) => other.createdAt.localeCompare(one.createdAt))[0];
  return (
    <section className="card" aria-labelledby="outcome">
      <h2 id="outcome">{t('outcome')}</h2>
      <Loaded query={bids} rows={3}>
        {(own) => (
          <DataTable
            label={t('outcome')}
            columns={[
              { key: 'lot', title: t('lot'), heads: true, cell: (row) => names.lot(row.lotId) },
              { key: 'price', title: t('price'), numeric: true, cell: (row) => money(row.price) },
              { key: 'state', title: t('state'), cell: (row) => t(`bid.${row.state}`) },
              { key: 'why', title: t('why'), cell: (row) => row.reason ?? decisions.find((one) => one.bid === row.id)?.reason ?? '–' },
            ]}
            rows={own}
            rowKey={(row) => row.id}
            empty={t('noOutcome')}
          />
        )}
      </Loaded>
      {newest && <Screening screening={newest.id} tenderId={tenderId} />}
    </section>
  );
}

function Screening({ screening, tenderId }: { screening: string; tenderId: string }) {
  const t = useTexts();
  const query = useQuery(explanationQuery(screening));
  return (
    <>
      <h3>{t('screening')}</h3>
      <Loaded query={query}>
        {(explanation) => (
          <>
            <p>
              <strong>{explanation.summary}</strong>
            </p>
            <ul>
              {explanation.requirements.map((one) => (
                <li key={one.id}>{one.text}</li>
              ))}
            </ul>
            <p className="ink-muted">{explanation.rights}</p>
          </>
        )}
      </Loaded>
      <ActionButton
        label={t('review')}
        about={t('reviewAbout')}
        fields={[{ name: 'text', label: t('text'), kind: 'area', required: true }]}
        submit={({ text }) => askReview({ path: { tender_id: tenderId }, body: { screening, text: text ?? '' } })}
        refresh={['tender', tenderId]}
      />
    </>
  );
}
