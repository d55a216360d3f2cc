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
  const [subset, setSubset] = useState<string[]>([]);
  const [peeled, setPeeled] = useState(false);
  const [forger, setForger] = useState('');
  const [fault, setFault] = useState<'badKey' | 'wrongKey' | 'badLayer' | 'forged' | null>(null);
  const take = async (file: File | undefined, act: (text: string) => Promise<Step>, failed: 'wrongKey' | 'badLayer') => {
    if (!file) return;
    setFault(null);
    try {
      setStep(await act(await file.text()));
      setPeeled(failed === 'wrongKey');
    } catch (error) {
      const { ShareForged } = await import('~/sealing/ceremony');
      if (error instanceof ShareForged) setForger(error.message);
      setFault(error instanceof ShareForged ? 'forged' : error instanceof NoKey ? 'badKey' : failed);
    }
  };
  const choose = (wrap: Wrap | undefined) => {
    setSubset(wrap?.custodians ?? []);
    setStep(wrap ?? null);
  };
  const takeOver = async (text: string) => {
    const file = layerIn(text);
    const { handedOn } = await import('~/sealing/ceremony');
    const layer = await handedOn(file, wraps);
    setSubset(file.subset);
    return layer;
  };
  if (step && isTenderKey(step)) return <Ready tenderKey={step} tenderId={tenderId} />;
  return (
    <>
      {step === null && (
        <p>
          <label>
            {t('subset')}{' '}
            <select className="native-select" value="" onChange={(event) => choose(wraps[Number(event.target.value)])}>
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
            {t('layer')} <input type="file" onChange={(event) => void take(event.target.files?.[0], takeOver, 'badLayer')} />
          </label>
        </p>
      )}
      {step !== null && peeled && (
        <p>
          <button type="button" className="plain-button" onClick={() => download('bidscreen-wrap.json', layerFile(step, subset))}>
            {t('pass', { name: step.custodians[0] ?? '' })}
          </button>
        </p>
      )}
      {fault && <p role="alert">{t(fault, { name: forger })}</p>}
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
function layerFile({ custodians, wrap }: Wrap, subset: readonly string[]): string {
  return JSON.stringify({ format: 'bidscreen-wrap/1', custodians, wrap, subset });
}

function layerIn(text: string): { custodians: string[]; wrap: string; subset: string[] } {
  const { custodians, wrap, subset } = JSON.parse(text) as { custodians: string[]; wrap: string; subset: string[] };
  if (!Array.isArray(custodians) || !Array.isArray(subset) || custodians.length === 0 || typeof wrap !== 'string') throw new Error('no wrap');
  return { custodians, wrap, subset };
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
