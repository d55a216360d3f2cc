import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { openBids, readOpeningWraps } from '~/api/generated';
import { ActionButton } from '~/parts/ActionButton';
import { download } from '~/parts/download';
import { Loaded } from '~/parts/Loaded';
import type { TenderKey, Wrap } from '~/sealing/ceremony';
import { useTexts } from './texts';

/** A custodian peels its layer here: the key file is read by the page and never sent. */
export function CustodianPart({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'wraps'],
    queryFn: async () => (await readOpeningWraps({ path: { tender_id: tenderId } })).data.wraps,
  });
  return (
    <section className="card" aria-labelledby="part">
      <h2 id="part">{t('part')}</h2>
      <p className="prose">{t('partAbout')}</p>
      <Loaded query={query}>{(wraps) => <Peeling wraps={wraps} tenderId={tenderId} />}</Loaded>
    </section>
  );
}

type Step = Wrap | TenderKey;

function Peeling({ wraps, tenderId }: { wraps: readonly Wrap[]; tenderId: string }) {
  const t = useTexts();
  const [step, setStep] = useState<Step | null>(null);
  const [peeled, setPeeled] = useState(false);
  const [fault, setFault] = useState<'badKey' | 'wrongKey' | 'badLayer' | null>(null);
  const take = async (file: File | undefined, act: (text: string) => Promise<Step>, failed: 'wrongKey' | 'badLayer') => {
    if (!file) return;
    setFault(null);
    try {
      setStep(await act(await file.text()));
      setPeeled(failed === 'wrongKey');
    } catch (error) {
      setFault(error instanceof NoKey ? 'badKey' : failed);
    }
  };
  if (step && isTenderKey(step)) return <Ready tenderKey={step} tenderId={tenderId} />;
  return (
    <>
      {step === null && (
        <p>
          <label>
            {t('subset')}{' '}
            <select className="native-select" value="" onChange={(event) => setStep(wraps[Number(event.target.value)] ?? null)}>
              <option value="">–</option>
              {wraps.map((wrap, index) => (
                <option key={index} value={index}>
                  {wrap.custodians.join(' → ')}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      {step !== null && (
        <p>
          <label>
            {t('next', { name: step.custodians[0] ?? '' })}{' '}
            <input type="file" onChange={(event) => void take(event.target.files?.[0], (text) => peelWith(step, text), 'wrongKey')} key={step.wrap} />
          </label>
        </p>
      )}
      {step === null && (
        <p>
          <label>
            {t('layer')} <input type="file" onChange={(event) => void take(event.target.files?.[0], readLayer, 'badLayer')} />
          </label>
        </p>
      )}
      {step !== null && peeled && (
        <p>
          <button type="button" className="plain-button" onClick={() => download('bidscreen-wrap.json', layerFile(step))}>
            {t('pass', { name: step.custodians[0] ?? '' })}
          </button>
        </p>
      )}
      {fault && <p role="alert">{t(fault)}</p>}
    </>
  );
}

class NoKey extends Error {}

function isTenderKey(step: Step): step is TenderKey {
  return 'identity' in step;
}

async function peelWith(layer: Wrap, keyFile: string): Promise<Step> {
  const [{ identityIn }, { peel }] = await Promise.all([import('~/sealing/age'), import('~/sealing/ceremony')]);
  const identity = identityIn(keyFile);
  if (!identity) throw new NoKey();
  return peel(layer, identity);
}

/** The file format of `bidscreen keys peel`. */
function layerFile(layer: Wrap): string {
  return JSON.stringify({ format: 'bidscreen-wrap/1', ...layer });
}

async function readLayer(text: string): Promise<Step> {
  const { custodians, wrap } = JSON.parse(text) as Wrap;
  if (!Array.isArray(custodians) || custodians.length === 0 || typeof wrap !== 'string') throw new Error('no wrap');
  return { custodians, wrap };
}

function Ready({ tenderKey, tenderId }: { tenderKey: TenderKey; tenderId: string }) {
  const t = useTexts();
  return (
    <>
      <p role="status">{t('ready')}</p>
      <ActionButton
        label={t('open')}
        about={t('openAbout')}
        submit={() => openBids({ path: { tender_id: tenderId }, body: tenderKey })}
        refresh={['tender', tenderId]}
        primary
      />
    </>
  );
}
