import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, type DragEvent } from 'react';
import { DataTable } from '~/parts/DataTable';
import { Failure } from '~/parts/Failure';
import { send } from './send';
import { useTexts } from './texts';
import './my.css';

interface Sent {
  key: string;
  file: File;
  path: string;
  share: number;
  state: 'sending' | 'sent' | 'failed';
  error: unknown;
}

/** Files by drag and drop or choice, each with its own progress; a failed one is retried automatically. */
export function Uploads({ organizationId }: { organizationId: string }) {
  const t = useTexts();
  const { uploads, add, retry } = useUploads(organizationId);
  const documents = '/api/v1/documents';
  const drop = (event: DragEvent) => {
    event.preventDefault();
    add([...event.dataTransfer.files], documents);
  };
  return (
    <section className="card drop-zone" aria-labelledby="upload" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <h2 id="upload">{t('upload')}</h2>
      <p>{t('uploadAbout')}</p>
      <p>
        <label>
          {t('choose')} <input type="file" multiple onChange={(event) => add([...(event.target.files ?? [])], documents)} />
        </label>
      </p>
      <p>
        <label>
          {t('roster')}{' '}
          <input
            type="file"
            accept=".xlsx,.csv"
            onChange={(event) => add([...(event.target.files ?? [])], `/api/v1/organizations/${organizationId}/roster`)}
          />
        </label>{' '}
        <span className="ink-muted">{t('rosterAbout')}</span>
      </p>
      {uploads.length > 0 && (
        <DataTable
          label={t('upload')}
          columns={[
            { key: 'file', title: t('file'), heads: true, cell: (row) => row.file.name },
            { key: 'progress', title: t('progress'), cell: (row) => <Progress sent={row} retry={() => retry(row)} /> },
          ]}
          rows={uploads}
          rowKey={(row) => row.key}
        />
      )}
    </section>
  );
}

function Progress({ sent, retry }: { sent: Sent; retry: () => void }) {
  const t = useTexts();
  if (sent.state === 'sending') return <span role="status">{t('sending', { percent: Math.round(sent.share * 100) })}</span>;
  if (sent.state === 'sent') return <span role="status">✓ {t('sent')}</span>;
  return (
    <>
      <Failure error={sent.error} />
      <button type="button" className="plain-button" onClick={retry}>
        {t('retry')}
      </button>
    </>
  );
}

function useUploads(organizationId: string) {
  const queries = useQueryClient();
  const [uploads, setUploads] = useState<Sent[]>([]);
  const set = useCallback(
    (key: string, change: Partial<Sent>) => setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one))),
    [],
  );
  const run = useCallback(
    async ({ key, file, path }: Sent) => {
      const form = new FormData();
      form.append(path.endsWith('/roster') ? 'file' : 'files', file);
      if (!path.endsWith('/roster')) form.append('organizationId', organizationId);
      set(key, { state: 'sending', error: null, share: 0 });
      try {
        await send(path, form, (share) => set(key, { share }));
        set(key, { state: 'sent' });
        await queries.invalidateQueries({ queryKey: ['organization', organizationId] });
      } catch (error) {
        set(key, { state: 'failed', error });
      }
    },
    [organizationId, queries, set],
  );
  const add = (files: readonly File[], path: string) => {
    const added = files.map<Sent>((file) => ({ key: crypto.randomUUID(), file, path, share: 0, state: 'sending', error: null }));
    setUploads((all) => [...all, ...added]);
    void added.reduce((before, one) => before.then(() => run(one)), Promise.resolve());
  };
  return { uploads, add, retry: (one: Sent) => void run(one) };
}
