import { useQuery } from '@tanstack/react-query';
import { recordScoreSheet } from '~/api/generated';
import type { BidOut, TenderOut } from '~/api/generated';
import { useAccount } from '~/app/session';
import { useLabel } from '~/language';
import { ActionButton } from '~/parts/ActionButton';
import { sheetsQuery } from './data';
import { isInRange, sumOf, useDraft, type Scores } from './draft';
import { schemeOf, type Factor } from './scheme';
import { useTexts } from './texts';

/** A member's own sheet: bidders × factors, saved while it is typed, final once submitted. */
export function ScoreSheet({ tender, lotId, bids }: { tender: TenderOut; lotId: string; bids: readonly BidOut[] }) {
  const t = useTexts();
  const { user } = useAccount();
  const sheets = useQuery(sheetsQuery(tender.id, lotId));
  const own = sheets.data?.some((sheet) => sheet.member === user.id && sheet.replacedBy === null);
  if (own) return null;
  if (tender.state !== 'active.evaluation') return <p role="status">{t('notOpen')}</p>;
  return <OpenSheet tender={tender} lotId={lotId} bids={bids.filter((bid) => bid.state === 'valid')} />;
}

function OpenSheet({ tender, lotId, bids }: { tender: TenderOut; lotId: string; bids: readonly BidOut[] }) {
  const t = useTexts();
  const { user } = useAccount();
  const { factors } = schemeOf(tender);
  const { scores, change, forget } = useDraft(`${user.id}.${lotId}`);
  const submit = async () => {
    await recordScoreSheet({
      path: { lot_id: lotId },
      body: { scores: Object.fromEntries(bids.map((bid) => [bid.id, scores[bid.id] ?? {}])) },
    });
    forget();
  };
  const complete = bids.every((bid) =>
    factors.every(({ id, points }) => scores[bid.id]?.[id] && isInRange(scores[bid.id]?.[id], points)),
  );
  return (
    <section className="card" aria-labelledby="own-sheet">
      <h2 id="own-sheet">{t('score')}</h2>
      <p>{t('scoreAbout')}</p>
      <div className="table-frame">
        <table className="data-table" aria-label={t('score')}>
          <SheetHead factors={factors} />
          <tbody>
            {bids.map((bid) => (
              <tr key={bid.id}>
                <th scope="row">{bid.organizationName}</th>
                {factors.map((factor) => (
                  <td key={factor.id} className="numeric">
                    <ScoreInput
                      factor={factor}
                      bidder={bid.organizationName}
                      value={scores[bid.id]?.[factor.id]}
                      change={(value) => change(bid.id, factor.id, value)}
                    />
                  </td>
                ))}
                <td className="numeric">{sumOf(scores[bid.id])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="ink-muted">{t('kept')}</p>
      <ActionButton
        label={t('submit')}
        about={<Summary bids={bids} scores={scores} />}
        submit={submit}
        refresh={['tender', tender.id]}
        disabled={!complete}
        primary
      />
    </section>
  );
}

function SheetHead({ factors }: { factors: readonly Factor[] }) {
  const t = useTexts();
  const label = useLabel();
  return (
    <thead>
      <tr>
        <th scope="col">{t('bidder')}</th>
        {factors.map((factor) => (
          <th key={factor.id} scope="col">
            {label(factor.title)} {t('range', { max: factor.points })}
            {factor.objective && ` · ${t('objective')}`}
          </th>
        ))}
        <th scope="col">{t('totalOf')}</th>
      </tr>
    </thead>
  );
}

function Summary({ bids, scores }: { bids: readonly BidOut[]; scores: Scores }) {
  const t = useTexts();
  return (
    <>
      <p>{t('sure')}</p>
      <ul>
        {bids.map((bid) => (
          <li key={bid.id}>
            {bid.organizationName}: {sumOf(scores[bid.id])}
          </li>
        ))}
      </ul>
    </>
  );
}

interface Input {
  factor: Factor;
  bidder: string;
  value: string | undefined;
  change: (value: string) => void;
}

function ScoreInput({ factor, bidder, value, change }: Input) {
  const label = useLabel();
  return (
    <input
      className="score-input"
      inputMode="decimal"
      aria-label={`${bidder} · ${label(factor.title)}`}
      aria-invalid={!isInRange(value, factor.points)}
      value={value ?? ''}
      onChange={(event) => change(event.target.value.trim())}
    />
  );
}
