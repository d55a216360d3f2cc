import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { putOpeningKey } from '~/api/generated';
import { download } from '~/parts/download';
import { FieldForm, type Values } from '~/parts/FieldForm';
import type { Custodian } from '~/sealing/ceremony';
import { useTexts } from './texts';

/** The key ceremony in the browser: the tender's private key exists only while it is wrapped. */
export function CeremonyForm({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const queries = useQueryClient();
  const [made, setMade] = useState<string | null>(null);
  const [malformed, setMalformed] = useState(false);
  const makeKey = async () => {
    const { newKeyPair } = await import('~/sealing/age');
    const { identity, recipient } = await newKeyPair();
    download('bidscreen-custodian.key', `# public key: ${recipient}\n${identity}\n`);
    setMade(recipient);
  };
  const submit = async ({ names, threshold }: Values) => {
    const custodians = custodiansIn(names ?? '');
    setMalformed(custodians === null);
    if (custodians === null) return;
    const { holdCeremony } = await import('~/sealing/ceremony');
    await putOpeningKey({ path: { tender_id: tenderId }, body: await holdCeremony(custodians, Number(threshold)) });
    await queries.invalidateQueries({ queryKey: ['tender', tenderId] });
  };
  return (
    <section className="card" aria-labelledby="ceremony">
      <h2 id="ceremony">{t('ceremony')}</h2>
      <p className="prose">{t('ceremonyAbout')}</p>
      <p>
        <button type="button" className="plain-button" onClick={() => void makeKey()}>
          {t('makeKey')}
        </button>
      </p>
      {made && (
        <p role="status" className="mono">
          {t('made', { key: made })}
        </p>
      )}
      {malformed && <p role="alert">{t('malformed')}</p>}
      <FieldForm
        label={t('ceremony')}
        fields={[
          { name: 'names', label: t('names'), kind: 'area', required: true },
          { name: 'threshold', label: t('needed'), kind: 'number', initial: '2', required: true },
        ]}
        submit={submit}
      />
    </section>
  );
}

/** Parses one custodian per line, name and key; null for an invalid line. */
export function custodiansIn(text: string): Custodian[] | null {
  const lines = text.split('\n').filter((line) => line.trim());
  const found = lines.map((line) => /^\s*(.+?)\s+(age1[02-9ac-hj-np-z]{58})\s*$/.exec(line));
  if (lines.length < 2 || lines.length > 9 || found.includes(null)) return null;
  return found.map((match) => ({ name: match?.[1] ?? '', recipient: match?.[2] ?? '' }));
}
