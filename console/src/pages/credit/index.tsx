import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { matchCredit } from '~/api/generated';
import { Failure } from '~/parts/Failure';
import { PageHeading } from '~/parts/PageHeading';
import { Lists } from './Lists';
import { queriesIn } from './queries';
import { Results } from './Results';
import { useTexts } from './texts';

export default function CreditPage() {
  const t = useTexts();
  const [text, setText] = useState('');
  const [asOf, setAsOf] = useState('');
  const asked = useMutation({
    mutationFn: async () => (await matchCredit({ body: { queries: queriesIn(text), asOf: asOf || null } })).data,
  });
  const search = (event: FormEvent) => {
    event.preventDefault();
    asked.mutate();
  };
  return (
    <>
      <PageHeading title={t('title')} />
      <form onSubmit={search} className="card">
        <label htmlFor="credit-names">{t('names')}</label>
        <textarea
          id="credit-names"
          className="native-select"
          style={{ width: '100%', boxSizing: 'border-box', minHeight: 96, display: 'block', margin: '6px 0 12px' }}
          value={text}
          onChange={(event) => setText(event.target.value)}
          required
        />
        <label>
          {t('asOf')} <input type="date" className="native-select" value={asOf} onChange={(event) => setAsOf(event.target.value)} />
        </label>{' '}
        <button type="submit" className="plain-button" disabled={asked.isPending}>
          {t('search')}
        </button>
      </form>
      {asked.error && <Failure error={asked.error} />}
      {asked.data && <Results answer={asked.data} queries={queriesIn(text)} again={() => asked.mutate()} />}
      <Lists />
    </>
  );
}
