import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createScreening, readMatrix } from '~/api/generated';
import { useParam } from '~/app/router';
import { useRole } from '~/app/session';
import { useTender } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { Comparison } from './Comparison';
import { organizationQuery } from './data';
import { Decisions } from './Decisions';
import { Documents } from './Documents';
import { NextOpen } from './NextOpen';
import { Requirements } from './Requirements';
import { Staff } from './Staff';
import { useTexts } from './texts';
import './dossier.css';

export default function DossierPage() {
  const t = useTexts();
  const { tenderId, query: tender } = useTender();
  const organizationId = useParam('organizationId');
  const organization = useQuery(organizationQuery(organizationId));
  const matrix = useQuery({
    queryKey: ['tender', tenderId, 'matrix'],
    queryFn: async () => (await readMatrix({ path: { tender_id: tenderId } })).data,
  });
  return (
    <>
      <PageHeading title={t('title')} of={organization.data && `${organization.data.name} · ${tender.data?.title ?? ''}`}>
        <NextOpen />
      </PageHeading>
      <Loaded query={organization}>
        {() => (
          <>
            <Documents organizationId={organizationId} />
            <Comparison organizationId={organizationId} />
            <Loaded query={matrix}>
              {({ rows, columns }) => {
                const screening = rows.find((row) => row.organizationId === organizationId)?.screening ?? null;
                return (
                  <Screened
                    key={screening}
                    screening={screening}
                    tenderId={tenderId}
                    organizationId={organizationId}
                    titles={new Map(columns.map((column) => [column.requirement, column.title]))}
                  />
                );
              }}
            </Loaded>
          </>
        )}
      </Loaded>
    </>
  );
}

interface Shown {
  screening: string | null;
  tenderId: string;
  organizationId: string;
  titles: ReadonlyMap<string, { zh: string; en: string }>;
}

function Screened({ screening, tenderId, organizationId, titles }: Shown) {
  const t = useTexts();
  const role = useRole();
  const [shown] = useState(() => new URLSearchParams(window.location.search).get('requirement'));
  const again = role === 'officer' && (
    <ActionButton
      label={t('screen')}
      submit={() => createScreening({ body: { tenderId, organizationId } })}
      refresh={['tender', tenderId]}
    />
  );
  if (screening === null) {
    return (
      <>
        <p>{t('unscreened')}</p>
        {again}
      </>
    );
  }
  return (
    <>
      <Requirements screening={screening} titles={titles} shown={shown} />
      <p>{again}</p>
      <Staff screening={screening} organizationId={organizationId} />
      <Decisions screening={screening} tenderId={tenderId} organizationId={organizationId} />
    </>
  );
}
