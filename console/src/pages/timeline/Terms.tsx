import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { putLots, putTenderPolicy, readTenderPolicy } from '~/api/generated';
import type { LotOut, TenderOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { Problem, type Fault } from '~/api/problem';
import { lotsQuery } from '~/app/tender';
import { useLanguage } from '~/language';
import { Failure } from '~/parts/Failure';
import { Loaded } from '~/parts/Loaded';
import { groupOf, termsOf, typed, withTerm, type Json, type Term } from './terms';
import { useTermName } from './termNames';
import { useTexts } from './termTexts';

const PAUSE = 700; // milliseconds without typing before the service checks the terms

/** Every term of a draft with its article beside it; each pause in typing has the service check and keep them. */
export function Terms({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <section className="card" aria-labelledby="draft-terms">
      <h2 id="draft-terms">{t('title')}</h2>
      <p>{t('about')}</p>
      {open ? (
        <Read tender={tender} />
      ) : (
        <button type="button" className="plain-button" onClick={() => setOpen(true)}>
          {t('open')}
        </button>
      )}
    </section>
  );
}

function Read({ tender }: { tender: TenderOut }) {
  const lots = useQuery(lotsQuery(tender.id));
  const policy = useQuery({
    queryKey: ['tender', tender.id, 'policy'],
    queryFn: async () => (await readTenderPolicy({ path: { tender_id: tender.id } })).data.document as Record<string, Json>,
  });
  return (
    <Loaded query={policy}>
      {(document) => <Loaded query={lots}>{(found) => <Editor tender={tender} start={started(document, tender, found)} lots={found} />}</Loaded>}
    </Loaded>
  );
}

/** The policy with the tender's present plan in it: lots, scheme, award rule, parties, fund and schedule. */
function started(document: Record<string, Json>, tender: TenderOut, lots: readonly LotOut[]): Json {
  const { scheme, award, parties, fund, schedule, ceiling } = tender as unknown as Record<string, Json>;
  const own = (document.tender ?? { title: document.title ?? null }) as Record<string, Json>;
  const planned = lots.map(({ key, name, district, value }) => ({ id: key, name, district, value }));
  return { ...document, tender: { ...own, parties, fund, schedule, ceiling, lots: planned, scheme, award } as Json };
}

function Editor({ tender, start, lots }: { tender: TenderOut; start: Json; lots: readonly LotOut[] }) {
  const t = useTexts();
  const language = useLanguage();
  const [document, setDocument] = useState(start);
  const { state, failure, change } = useKept(tender, lots);
  const faults = failure instanceof Problem ? failure.faults : [];
  const terms = termsOf(document);
  const placed = (term: Term) => faults.filter(({ pointer }) => within(pointer, term.pointer));
  const astray = faults.filter(({ pointer }) => !terms.some((term) => within(pointer, term.pointer)));
  const set = (term: Term, value: Json) => {
    const changed = withTerm(document, term.path, value);
    setDocument(changed);
    change(changed);
  };
  return (
    <>
      <p role="status">{t(state)}</p>
      {failure !== null && <Failure error={failure} />}
      {astray.map(({ pointer, detail }) => (
        <p key={pointer}>
          <span className="mono">{pointer}</span> {detail}
        </p>
      ))}
      <div className="table-frame" role="region" aria-label={t('title')} tabIndex={0}>
        <table className="data-table" aria-label={t('title')}>
          <thead>
            <tr>
              <th scope="col">{t('term')}</th>
              <th scope="col">{t('value')}</th>
              <th scope="col">{t('article')}</th>
            </tr>
          </thead>
          <tbody>
            {terms.map((term) => (
              <Line key={term.pointer} term={term} group={groupOf(document, term.path, language)} faults={placed(term)} set={(value) => set(term, value)} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Whether an error, whose pointer begins with the member `policy` of the request, concerns the term. */
function within(pointer: string, term: string): boolean {
  const at = pointer.replace(/^\/policy/, '');
  return at === term || at.startsWith(`${term}/`);
}

function Line({ term, group, faults, set }: { term: Term; group: string; faults: readonly Fault[]; set: (value: Json) => void }) {
  const nameOf = useTermName();
  const id = useId();
  const [before] = useState(term.value); // while a wrong text stands in the term, its kind is that of the value before
  const [text, setText] = useState(Array.isArray(before) ? before.join('、') : String(before ?? ''));
  const name = [group, ...term.path.filter((step) => typeof step === 'string').map(nameOf)].filter(Boolean).join(' · ');
  const wrong = faults.length > 0;
  const marks = { id, 'aria-invalid': wrong || undefined, 'aria-describedby': wrong ? `${id}-fault` : undefined };
  return (
    <tr>
      <th scope="row">
        <label htmlFor={id}>{name}</label>
      </th>
      <td>
        {typeof term.value === 'boolean' ? (
          <input type="checkbox" checked={term.value} onChange={(event) => set(event.target.checked)} {...marks} />
        ) : (
          <input
            className="native-select term-input"
            value={text}
            inputMode={typeof before === 'number' ? 'numeric' : undefined}
            onChange={(event) => {
              setText(event.target.value);
              set(typed(event.target.value, before));
            }}
            {...marks}
          />
        )}
        {wrong && (
          <p id={`${id}-fault`} className="term-fault">
            {faults.map(({ detail }) => detail).join('；')}
          </p>
        )}
      </td>
      <td>{term.articles.join('；') || '–'}</td>
    </tr>
  );
}

type Kept = 'unchanged' | 'waiting' | 'saving' | 'saved' | 'refused';

/** Sends the terms after each pause, one request at a time, on the version that this page has seen last. */
function useKept(tender: TenderOut, lots: readonly LotOut[]) {
  const queries = useQueryClient();
  const [state, setState] = useState<Kept>('unchanged');
  const [failure, setFailure] = useState<unknown>(null);
  const version = useRef(tender.version);
  const newest = useRef<Json>(null);
  const timer = useRef<number | undefined>(undefined);
  const busy = useRef(false);
  const send = async () => {
    if (busy.current) return;
    busy.current = true;
    setState('saving');
    const sent = newest.current;
    try {
      version.current = await keep(tender.id, sent, lots, version.current);
      setFailure(null);
      setState(newest.current === sent ? 'saved' : 'waiting');
      await queries.invalidateQueries({ queryKey: ['tender', tender.id], exact: true });
    } catch (error) {
      setFailure(error);
      setState('refused');
    } finally {
      busy.current = false;
      if (newest.current !== sent) timer.current = window.setTimeout(() => void send(), PAUSE);
    }
  };
  const change = (document: Json) => {
    newest.current = document;
    setState('waiting');
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void send(), PAUSE);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return { state, failure, change };
}

/** Stores policy and plan; lots with a ceiling of their own, which a policy cannot state, keep it. Returns the version. */
async function keep(tenderId: string, document: Json, lots: readonly LotOut[], version: number): Promise<number> {
  const path = { tender_id: tenderId };
  const { response } = await putTenderPolicy({ path, headers: onVersion(version), body: { policy: document as never } });
  const after = versionIn(response);
  const { ceiling, lots: planned } = (document as { tender: { ceiling: string; lots: { id: string; name: string; district: string; value: string }[] } }).tender;
  const own = new Map(lots.filter((lot) => Number(lot.ceiling) < Number(ceiling)).map((lot) => [lot.key, lot.ceiling]));
  if (own.size === 0) return after;
  const body = { lots: planned.map(({ id, ...lot }) => ({ key: id, ...lot, ceiling: own.get(id) ?? null })) };
  return versionIn((await putLots({ path, headers: onVersion(after), body })).response);
}

function versionIn(response: Response): number {
  return Number(/\d+/.exec(response.headers.get('ETag') ?? '')?.[0] ?? 0);
}
