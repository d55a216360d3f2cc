import { useQuery } from '@tanstack/react-query';
import type { ToneName } from '~/app/tones';
import { useRole } from '~/app/session';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { dossierQuery, explanationQuery, screeningQuery } from './data';
import type { Counted } from './shapes';
import { useTexts } from './texts';
import { Unmasked } from './Unmasked';

const TONES: Record<Counted, ToneName> = { countable: 'good', doubtful: 'open', excluded: 'bad' };

/** The roster: countable, doubtful and excluded persons with reasons. */
export function Staff({ screening, organizationId }: { screening: string; organizationId: string }) {
  const t = useTexts();
  const role = useRole();
  const result = useQuery(screeningQuery(screening));
  const words = useQuery(explanationQuery(screening)).data;
  const dossier = useQuery(dossierQuery(organizationId)).data;
  const explained = new Map(words?.staff.map((one) => [one.pointer, one.reasons.join('；')]));
  const personAt = (pointer: string) => dossier?.roster[Number(pointer.split('/').at(-1))];
  return (
    <section aria-labelledby="staff">
      <h2 id="staff" className="section-title">
        {t('staff')}
      </h2>
      {role === 'officer' && <Unmasked organizationId={organizationId} />}
      <Loaded query={result}>
        {({ staff }) => (
          <DataTable
            label={t('staff')}
            columns={[
              { key: 'line', title: t('line'), numeric: true, cell: (row) => Number(row.pointer.split('/').at(-1)) + 1 },
              { key: 'name', title: t('name'), heads: true, cell: (row) => personAt(row.pointer)?.name ?? row.pointer },
              { key: 'residentId', title: t('residentId'), cell: (row) => <span className="mono">{personAt(row.pointer)?.residentId ?? '–'}</span> },
              { key: 'fullTime', title: t('fullTime'), sortBy: (row) => row.fullTime, cell: (row) => <ToneTag tone={TONES[row.fullTime]}>{t(row.fullTime)}</ToneTag> },
              {
                key: 'socialWorker',
                title: t('socialWorker'),
                sortBy: (row) => row.socialWorker,
                cell: (row) => <ToneTag tone={TONES[row.socialWorker]}>{t(row.socialWorker)}</ToneTag>,
              },
              { key: 'why', title: t('why'), cell: (row) => explained.get(row.pointer) ?? row.codes.join('、') },
            ]}
            rows={staff}
            rowKey={(row) => row.pointer}
          />
        )}
      </Loaded>
    </section>
  );
}
