import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ToneName } from '~/app/tones';
import { useLabel } from '~/language';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { explanationQuery, screeningQuery } from './data';
import type { Requirement } from './shapes';
import { useTexts } from './texts';

const TONES: Record<Requirement['outcome'], ToneName> = { met: 'good', not_met: 'bad', undetermined: 'open' };

interface Shown {
  screening: string;
  titles: ReadonlyMap<string, { zh: string; en: string }>;
  /** The requirement selected in the matrix, to scroll to. */
  shown: string | null;
}

/** Each requirement with its outcome, the reasons, the article, and what would make it met. */
export function Requirements({ screening, titles, shown }: Shown) {
  const t = useTexts();
  const query = useQuery(screeningQuery(screening));
  return (
    <section aria-labelledby="requirements">
      <h2 id="requirements" className="section-title">
        {t('requirements')}
      </h2>
      <Loaded query={query}>
        {(result) => (
          <>
            <Table requirements={result.requirements} screening={screening} titles={titles} shown={shown} />
            <Flip changes={result.whatWouldFlip as unknown as Change[]} titles={titles} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Table({ requirements, screening, titles, shown }: Shown & { requirements: Requirement[] }) {
  const t = useTexts();
  const label = useLabel();
  const words = useQuery(explanationQuery(screening)).data;
  const explained = new Map(words?.requirements.map((one) => [one.id, one]));
  useEffect(() => {
    if (shown) document.getElementById(`requirement-${shown}`)?.scrollIntoView({ block: 'center' });
  }, [shown]);
  return (
    <div className="table-frame" role="region" aria-label={t('requirements')} tabIndex={0}>
      <table className="data-table" aria-label={t('requirements')}>
        <thead>
          <tr>
            <th scope="col">{t('requirement')}</th>
            <th scope="col">{t('outcome')}</th>
            <th scope="col">{t('found')}</th>
            <th scope="col">{t('help')}</th>
            <th scope="col">{t('article')}</th>
          </tr>
        </thead>
        <tbody>
          {requirements.map((one) => (
            <tr key={one.id} id={`requirement-${one.id}`} aria-selected={one.id === shown || undefined}>
              <th scope="row" data-open={one.outcome === 'undetermined' || undefined} tabIndex={one.outcome === 'undetermined' ? -1 : undefined}>
                {label(titles.get(one.id)) || one.id}
              </th>
              <td>
                <ToneTag tone={TONES[one.outcome]}>
                  {t(one.outcome)}
                  {one.observed !== null && one.required !== null && ` ${one.observed}/${one.required}`}
                </ToneTag>
              </td>
              <td>{explained.get(one.id)?.found.join('；')}</td>
              <td>{explained.get(one.id)?.whatWouldHelp.join('；')}</td>
              <td>{one.legalBasis.join('；')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Change {
  requirement: string;
  change: { zh: string; en: string };
}

function Flip({ changes, titles }: { changes: readonly Change[]; titles: Shown['titles'] }) {
  const t = useTexts();
  const label = useLabel();
  if (changes.length === 0) return null;
  return (
    <>
      <h3>{t('flip')}</h3>
      <ul>
        {changes.map((one, index) => (
          <li key={index}>
            {label(titles.get(one.requirement)) || one.requirement}：{label(one.change)}
          </li>
        ))}
      </ul>
    </>
  );
}
