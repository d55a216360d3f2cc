import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { recordScoreSheet } from '~/api/generated';
import type { BidOut, TenderOut } from '~/api/generated';
import { useAccount } from '~/app/session';
import { useLabel } from '~/language';
import { Failure } from '~/parts/Failure';
import { sheetsQuery } from './data';
import { isInRange, sumOf, useDraft } from './draft';
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
  const { failure, submit } = useSubmission(tender.id, lotId, forget);
  const complete = bids.every((bid) =>
    factors.every(({ id, points }) => scores[bid.id]?.[id] && isInRange(scores[bid.id]?.[id], points)),
  );
  return (
    <section className="card" aria-labelledby="own-sheet">
      <h2 id="own-sheet">{t('score')}</h2>
      <p>{t('scoreAbout')}</p>
      {failure !== null && <Failure error={failure} />}
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
      <Button type="primary" disabled={!complete} onClick={() => submit(scores, bids)}>
        {t('submit')}
      </Button>
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

function useSubmission(tenderId: string, lotId: string, forget: () => void) {
  const t = useTexts();
  const { modal } = App.useApp();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const send = async (scores: Record<string, Record<string, string>>) => {
    try {
      await recordScoreSheet({ path: { lot_id: lotId }, body: { scores } });
      forget();
      setFailure(null);
      await queries.invalidateQueries({ queryKey: ['tender', tenderId] });
    } catch (error) {
      setFailure(error);
    }
  };
  const submit = (scores: Record<string, Record<string, string>>, bids: readonly BidOut[]) =>
    modal.confirm({
      title: t('sure'),
      content: (
        <ul>
          {bids.map((bid) => (
            <li key={bid.id}>
              {bid.organizationName}: {sumOf(scores[bid.id])}
            </li>
          ))}
        </ul>
      ),
      okText: t('submit'),
      onOk: () => send(Object.fromEntries(bids.map((bid) => [bid.id, scores[bid.id] ?? {}]))),
    });
  return { failure, submit };
}
