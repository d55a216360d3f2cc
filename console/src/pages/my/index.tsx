import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listTenders } from '~/api/generated';
import { everything } from '~/api/paging';
import { PracticeMark } from '~/app/TenderMenu';
import { useAccount } from '~/app/session';
import { Failure } from '~/parts/Failure';
import { Problem } from '~/api/problem';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { organizationQuery } from '../dossier/data';
import { Documents } from '../dossier/Documents';
import '../dossier/dossier.css';
import { Outcome } from './Outcome';
import { Questions } from './Questions';
import { SealedBid } from './SealedBid';
import { useTexts } from './texts';
import { Uploads } from './Uploads';

export default function MyPage() {
  const { user } = useAccount();
  if (user.organizationId === null) return <Failure page error={new Problem(403, { code: 'forbidden' }, '')} />;
  return <Own organizationId={user.organizationId} />;
}

function Own({ organizationId }: { organizationId: string }) {
  const t = useTexts();
  const organization = useQuery(organizationQuery(organizationId));
  const query = useQuery({ queryKey: ['tenders'], queryFn: () => everything((page) => listTenders({ query: page })) });
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <>
      <PageHeading title={t('title')} of={organization.data?.name} />
      <Uploads organizationId={organizationId} />
      <p>{t('unclear')}</p>
      <Documents organizationId={organizationId} />
      <Loaded query={query}>
        {(tenders) => {
          const tender = tenders.find((one) => one.id === chosen) ?? tenders.find((one) => one.state === 'active.tendering') ?? tenders.at(-1);
          if (!tender) return <p>{t('noTender')}</p>;
          return (
            <>
              <p>
                <label>
                  {t('tender')}{' '}
                  <select className="native-select" value={tender.id} onChange={(event) => setChosen(event.target.value)}>
                    {tenders.map((one) => (
                      <option key={one.id} value={one.id}>
                        {one.title}
                      </option>
                    ))}
                  </select>
                </label>
              </p>
              <PracticeMark tenderId={tender.id} />
              <SealedBid key={`bid ${tender.id}`} tender={tender} organizationId={organizationId} />
              <Outcome key={`outcome ${tender.id}`} tenderId={tender.id} organizationId={organizationId} />
              <Questions key={`questions ${tender.id}`} tenderId={tender.id} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
