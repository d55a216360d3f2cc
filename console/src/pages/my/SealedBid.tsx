import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { listEnvelopes, readOpening, submitEnvelope, withdrawEnvelope } from '~/api/generated';
import type { EnvelopeOut, TenderOut } from '~/api/generated';
import { everything } from '~/api/paging';
import { Problem } from '~/api/problem';
import { lotsQuery, useNames } from '~/app/tender';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { download } from '~/parts/download';
import { FieldForm, type Values } from '~/parts/FieldForm';
import { Loaded } from '~/parts/Loaded';
import { useFormat } from '~/parts/format';
import { organizationQuery } from '../dossier/data';
import { useTexts } from './texts';

interface Shown {
  tender: TenderOut;
  organizationId: string;
}

/** One envelope per lot, encrypted in the browser; the service receives only ciphertext. */
export function SealedBid({ tender, organizationId }: Shown) {
  const t = useTexts();
  const opening = useQuery({
    queryKey: ['tender', tender.id, 'opening'],
    queryFn: async () => {
      try {
        return (await readOpening({ path: { tender_id: tender.id } })).data;
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  });
  return (
    <section className="card" aria-labelledby="bid">
      <h2 id="bid">{t('bid')}</h2>
      <p className="prose">{t('bidAbout')}</p>
      {tender.state !== 'active.tendering' && <p>{t('closed')}</p>}
      {tender.state === 'active.tendering' && (
        <Loaded query={opening} rows={3}>
          {(found) => (found === null ? <p>{t('noKey')}</p> : <SealForm tender={tender} organizationId={organizationId} tenderKey={found.publicKey} />)}
        </Loaded>
      )}
      <Receipts tenderId={tender.id} open={tender.state === 'active.tendering'} />
    </section>
  );
}

function SealForm({ tender, organizationId, tenderKey }: Shown & { tenderKey: string }) {
  const t = useTexts();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const lots = useQuery(lotsQuery(tender.id)).data ?? [];
  const organization = useQuery(organizationQuery(organizationId)).data;
  const [round, setRound] = useState(0);
  const submit = async ({ lotId, figures, words, fingerprint }: Values) => {
    const { sealOffer } = await import('~/sealing/contents'); // encryption is loaded when it is needed
    const { hasFingerprint } = await import('~/sealing/pins');
    if (!(await hasFingerprint(tenderKey, fingerprint ?? ''))) {
      void message.error(t('fingerprintDiffers'));
      return;
    }
    const sealed = await sealOffer(
      {
        tender: tender.id,
        lot: lotId ?? '',
        bidder: organizationId,
        dossierVersion: String(organization?.version ?? 1),
        figures: figures || null,
        words: words || null,
        offered: null,
        documents: [],
      },
      tenderKey,
    );
    const file = new File([sealed.envelope as BlobPart], 'bid.age');
    const { data } = await submitEnvelope({ path: { tender_id: tender.id }, body: { file, lotId: lotId ?? '' } });
    saveReceipt(data, sealed.contentsSha256);
    download(`contents-${data.receipt}.json`, sealed.contents); // secret: `keys verify --contents-file` takes it
    setRound((before) => before + 1);
    void message.success(`${t('receipt')} ${data.receipt}`);
    await queries.invalidateQueries({ queryKey: ['tender', tender.id, 'envelopes'] });
  };
  return (
    <FieldForm
      key={round}
      label={t('seal')}
      fields={[
        { name: 'lotId', label: t('lot'), kind: 'select', required: true, options: lots.map((lot) => ({ value: lot.id, label: lot.name })) },
        { name: 'figures', label: t('figures'), required: true },
        { name: 'words', label: t('words') },
        { name: 'fingerprint', label: t('fingerprint'), required: true },
      ]}
      submit={submit}
    />
  );
}

/** The data that proves the bid later: receipt and hashes, as input of `bidscreen keys verify`. */
function saveReceipt(envelope: EnvelopeOut, contentsSha256?: string): void {
  download(`receipt-${envelope.receipt}.json`, JSON.stringify({ ...envelope, contentsSha256 }, null, 1));
}

function Receipts({ tenderId, open }: { tenderId: string; open: boolean }) {
  const t = useTexts();
  const names = useNames(tenderId);
  const { time } = useFormat();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'envelopes'],
    queryFn: () => everything((page) => listEnvelopes({ path: { tender_id: tenderId }, query: page })),
  });
  return (
    <Loaded query={query} rows={3}>
      {(envelopes) => (
        <DataTable
          label={t('receipts')}
          columns={[
            { key: 'lot', title: t('lot'), heads: true, cell: (row) => names.lot(row.lotId) },
            { key: 'receipt', title: t('receipt'), cell: (row) => <span className="mono">{row.receipt}</span> },
            { key: 'received', title: t('received'), cell: (row) => time(row.receivedAt) },
            { key: 'state', title: t('state'), cell: (row) => t(`bid.${row.state}`) },
            {
              key: 'act',
              title: t('actions'),
              cell: (row) => (
                <span className="row-actions">
                  <button type="button" className="plain-button" onClick={() => saveReceipt(row)}>
                    {t('save')}
                  </button>
                  {open && row.state === 'sealed' && (
                    <ActionButton
                      label={t('withdraw')}
                      submit={() => withdrawEnvelope({ path: { tender_id: tenderId, envelope_id: row.id } })}
                      refresh={['tender', tenderId, 'envelopes']}
                      danger
                    />
                  )}
                </span>
              ),
            },
          ]}
          rows={envelopes}
          rowKey={(row) => row.id}
          empty={t('noBid')}
        />
      )}
    </Loaded>
  );
}
