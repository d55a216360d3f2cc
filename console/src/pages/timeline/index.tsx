import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listClocks } from '~/api/generated';
import type { ClockOut, TenderOut } from '~/api/generated';
import { everything } from '~/api/paging';
import { useRole } from '~/app/session';
import { lotsQuery, useTender } from '~/app/tender';
import { useLabel } from '~/language';
import { DataTable } from '~/parts/DataTable';
import { Facts } from '~/parts/Facts';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';
import { schemeOf } from '../lot/scheme';
import { Changes } from './Changes';
import { NextStep } from './NextStep';
import { Steps } from './Steps';
import { Terms } from './Terms';
import { useTexts } from './texts';

export default function TimelinePage() {
  const t = useTexts();
  const role = useRole();
  const { query } = useTender();
  return (
    <>
      <PageHeading title={t('title')} of={query.data?.title}>
        {query.data && role === 'officer' && <Changes tender={query.data} />}
      </PageHeading>
      <Loaded query={query}>
        {(tender) => (
          <>
            <Steps state={tender.state} />
            {role === 'officer' && <NextStep tender={tender} />}
            {role === 'officer' && tender.state === 'draft' && <Terms tender={tender} />}
            <Particulars tender={tender} />
            {role !== 'evaluator' && <Clocks tenderId={tender.id} />}
            <Lots tender={tender} />
            <Scheme tender={tender} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Particulars({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  const { time, money } = useFormat();
  return (
    <section className="card" aria-label={t('facts')}>
      <h2>{t('facts')}</h2>
      <Facts
        of={[
          [t('deadline'), time(tender.bidDeadline)],
          [t('ceiling'), money(tender.ceiling)],
          [t('assurance'), t(tender.assurance)],
          [t('policy'), `${tender.policy.id} · ${tender.policy.version}`],
          [t('frozen'), time(tender.publishedAt)],
          [t('terms'), <span className="mono">{tender.termsSha256 ?? '–'}</span>],
          ...(tender.warnings.length > 0
            ? ([[t('warnings'), tender.warnings.map((one) => `${t(one.code)}（${one.article}）`).join('；')]] as const)
            : []),
        ]}
      />
    </section>
  );
}

function Clocks({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const { day } = useFormat();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'clocks'],
    queryFn: () => everything((page) => listClocks({ path: { tender_id: tenderId }, query: page })),
  });
  return (
    <section aria-labelledby="clocks">
      <h2 id="clocks" className="section-title">
        {t('clocks')}
      </h2>
      <Loaded query={query} rows={3}>
        {(clocks: ClockOut[]) => (
          <DataTable
            label={t('clocks')}
            columns={[
              { key: 'clock', title: t('clock'), heads: true, cell: (row) => t(`clock.${row.clock}`) },
              { key: 'due', title: t('due'), sortBy: (row) => row.dueOn, cell: (row) => day(row.dueOn) },
              { key: 'met', title: t('met'), sortBy: (row) => row.metOn ?? '', cell: (row) => day(row.metOn) },
              { key: 'article', title: t('article'), cell: (row) => row.article },
            ]}
            rows={clocks}
            rowKey={(row) => row.id}
            empty={t('noClocks')}
          />
        )}
      </Loaded>
    </section>
  );
}

function Lots({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  const { money } = useFormat();
  const query = useQuery(lotsQuery(tender.id));
  const STATES = { active: t('open'), unsuccessful: t('failed'), complete: t('complete') } as Record<string, string>;
  return (
    <section aria-labelledby="lots">
      <h2 id="lots" className="section-title">
        {t('lots')}
      </h2>
      <Loaded query={query}>
        {(lots) => (
          <DataTable
            label={t('lots')}
            columns={[
              {
                key: 'lot',
                title: t('lot'),
                heads: true,
                cell: (row) => <Link to={`/tenders/${tender.id}/lots/${row.id}` as string}>{row.name}</Link>,
              },
              { key: 'district', title: t('district'), cell: (row) => row.district },
              { key: 'value', title: t('value'), numeric: true, cell: (row) => money(row.value) },
              { key: 'ceiling', title: t('ceiling'), numeric: true, cell: (row) => money(row.ceiling) },
              { key: 'state', title: t('state'), cell: (row) => STATES[row.state] ?? row.state },
            ]}
            rows={lots}
            rowKey={(row) => row.id}
          />
        )}
      </Loaded>
    </section>
  );
}

function Scheme({ tender }: { tender: TenderOut }) {
  const t = useTexts();
  const label = useLabel();
  const { factors, price } = schemeOf(tender);
  const kinds = (factor: (typeof factors)[number]) =>
    [factor.objective && t('objective'), factor.technical && t('technical')].filter(Boolean).join('、');
  return (
    <section aria-labelledby="scheme">
      <h2 id="scheme" className="section-title">
        {t('scheme')}
      </h2>
      <DataTable
        label={t('scheme')}
        columns={[
          { key: 'factor', title: t('factor'), heads: true, cell: (row) => row.name },
          { key: 'points', title: t('points'), numeric: true, cell: (row) => row.points },
          { key: 'kind', title: t('state'), cell: (row) => row.kind || '–' },
        ]}
        rows={[
          { id: 'price', name: t('price'), points: price.points, kind: '' },
          ...factors.map((factor) => ({ id: factor.id, name: label(factor.title), points: factor.points, kind: kinds(factor) })),
        ]}
        rowKey={(row) => row.id}
      />
    </section>
  );
}
