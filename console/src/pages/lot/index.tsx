import { useQuery } from '@tanstack/react-query';
import { computeRanking } from '~/api/generated';
import { useParam } from '~/app/router';
import { useRole } from '~/app/session';
import { lotsQuery, useTender } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { lotBidsQuery, rankingQuery } from './data';
import { LotChoice } from './LotChoice';
import { Ranking } from './Ranking';
import { schemeOf } from './scheme';
import { ScoreSheet } from './ScoreSheet';
import { Sheets } from './Sheets';
import { useTexts } from './texts';
import './lot.css';

export default function LotPage() {
  const t = useTexts();
  const { tenderId, query: tender } = useTender();
  const lotId = useParam('lotId');
  const role = useRole();
  const lots = useQuery(lotsQuery(tenderId));
  const bids = useQuery(lotBidsQuery(tenderId, lotId));
  const ranking = useQuery(rankingQuery(tenderId, lotId));
  const lot = lots.data?.find((one) => one.id === lotId);
  return (
    <>
      <PageHeading title={t('title')} of={lot && `${lot.name} · ${tender.data?.title ?? ''}`}>
        {role === 'officer' && tender.data?.state === 'active.evaluation' && (
          <ActionButton
            label={t('compute')}
            about={t('computeAbout')}
            submit={() => computeRanking({ path: { lot_id: lotId } })}
            refresh={['tender', tenderId]}
            primary
          />
        )}
      </PageHeading>
      {lots.data && <LotChoice lots={lots.data} tenderId={tenderId} chosen={lotId} />}
      <Loaded query={tender}>
        {(shown) => (
          <Loaded query={bids}>
            {(listed) => (
              <>
                {role === 'evaluator' && <ScoreSheet key={lotId} tender={shown} lotId={lotId} bids={listed} />}
                <Loaded query={ranking}>
                  {(newest) => <Ranking ranking={newest} bids={listed} scheme={schemeOf(shown)} tender={shown} lotId={lotId} />}
                </Loaded>
                <Sheets tenderId={tenderId} lotId={lotId} scheme={schemeOf(shown)} bids={listed} />
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}
