import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { computeFlags, disposeFlag, listFlags } from '~/api/generated';
import type { FlagOut } from '~/api/generated';
import { everything } from '~/api/paging';
import { onVersion } from '~/api/client';
import { useRole } from '~/app/session';
import { useNames, useTender } from '~/app/tender';
import { useLabel } from '~/language';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable, type Column } from '~/parts/DataTable';
import { Facts } from '~/parts/Facts';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { PageHeading } from '~/parts/PageHeading';
import { LeadGraph } from './LeadGraph';
import { STATE_TONES, useTexts } from './texts';

export default function LeadsPage() {
  const t = useTexts();
  const { tenderId, query: tender } = useTender();
  const role = useRole();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'leads'],
    queryFn: () => everything((page) => listFlags({ path: { tender_id: tenderId }, query: { ...page, current: true } })),
  });
  return (
    <>
      <PageHeading title={t('title')} of={tender.data?.title}>
        {role === 'officer' && (
          <ActionButton
            label={t('compute')}
            about={t('computeAbout')}
            submit={() => computeFlags({ path: { tender_id: tenderId } })}
            refresh={['tender', tenderId]}
          />
        )}
      </PageHeading>
      <p className="prose">{t('about')}</p>
      <Loaded query={query}>{(flags) => <Leads flags={flags} tenderId={tenderId} />}</Loaded>
    </>
  );
}

function Leads({ flags, tenderId }: { flags: FlagOut[]; tenderId: string }) {
  const t = useTexts();
  const [chosen, setChosen] = useState<string | null>(null);
  const columns = useColumns(tenderId, setChosen);
  const flag = flags.find((one) => one.id === chosen) ?? flags[0];
  return (
    <>
      <DataTable label={t('title')} columns={columns} rows={flags} rowKey={(row) => row.id} empty={t('empty')} selected={flag?.id} />
      {flag && <LeadDetail flag={flag} tenderId={tenderId} />}
      <LeadGraph tenderId={tenderId} />
    </>
  );
}

function useColumns(tenderId: string, choose: (id: string) => void): Column<FlagOut>[] {
  const t = useTexts();
  const label = useLabel();
  const names = useNames(tenderId);
  return useMemo(
    () => [
      {
        key: 'message',
        title: t('lead'),
        heads: true,
        cell: (row) => (
          <button type="button" className="link-button" onClick={() => choose(row.id)}>
            {label(row.message)}
          </button>
        ),
      },
      { key: 'subjects', title: t('subjects'), cell: (row) => row.subjects.map(names.bidder).join('、') },
      { key: 'strength', title: t('strength'), sortBy: (row) => row.strength, cell: (row) => t(row.strength) },
      { key: 'state', title: t('state'), sortBy: (row) => row.state, cell: (row) => <ToneTag tone={STATE_TONES[row.state]}>{t(row.state)}</ToneTag> },
      { key: 'article', title: t('article'), cell: (row) => row.article },
    ],
    [t, label, names, choose],
  );
}

/** The evidence of both sides next to each other, and the officer's finding. */
function LeadDetail({ flag, tenderId }: { flag: FlagOut; tenderId: string }) {
  const t = useTexts();
  const label = useLabel();
  const names = useNames(tenderId);
  const role = useRole();
  return (
    <section className="card" style={{ marginTop: 16 }} aria-label={t('detail')}>
      <h2>{label(flag.message)}</h2>
      <Facts
        of={[
          [t('article'), flag.article],
          [t('strength'), t(flag.strength)],
          [t('innocent'), label(flag.innocentExplanation)],
        ]}
      />
      <div className="lead-sides">
        {flag.subjects.map((subject) => (
          <div key={subject}>
            <h3>{names.bidder(subject)}</h3>
            <ul>
              {flag.evidence
                .filter((one) => one.organizationId === subject)
                .map((one, index) => (
                  <li key={index}>
                    {one.shown ?? one.what} <span className="ink-muted mono">{one.pointer ?? one.what}</span>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </div>
      {role === 'officer' && (
        <ActionButton
          label={t('dispose')}
          about={t('disposeAbout')}
          fields={[
            {
              name: 'finding',
              label: t('finding'),
              kind: 'select',
              required: true,
              options: [
                { value: 'confirmed', label: t('confirmed') },
                { value: 'dismissed', label: t('dismissed') },
              ],
            },
            { name: 'reason', label: t('reason'), kind: 'area', required: true },
          ]}
          submit={({ finding, reason }) =>
            disposeFlag({
              path: { flag_id: flag.id },
              headers: onVersion(flag.version),
              body: { finding: finding as 'confirmed' | 'dismissed', reason: reason ?? '', evidenceHash: flag.evidenceHash },
            })
          }
          refresh={['tender', tenderId]}
        />
      )}
    </section>
  );
}
