import { expect, test } from 'vitest';
import { groupOf, termsOf, typed, withTerm, type Json } from './terms';

const DOCUMENT: Json = {
  id: 'own',
  requirements: [
    { id: 'staff', title: { zh: '专职人员', en: 'Staff' }, minimum: 8, legalBasis: ['方案 第四部分'] },
    { id: 'workers', title: { zh: '社工', en: 'Workers' }, minimum: 4, documentedBy: ['a', 'b'], legalBasis: [] },
  ],
  tender: { legalBasis: ['采购法'], ceiling: '100.00', scheme: { minBidders: 3, legalBasis: ['87号令'] } },
};

test('each value stands with the articles of the nearest part that names some', () => {
  const terms = new Map(termsOf(DOCUMENT).map((term) => [term.pointer, term]));
  expect(terms.get('/requirements/0/minimum')).toMatchObject({ value: 8, articles: ['方案 第四部分'] });
  expect(terms.get('/requirements/1/documentedBy')).toMatchObject({ value: ['a', 'b'], articles: [] });
  expect(terms.get('/tender/ceiling')?.articles).toEqual(['采购法']);
  expect(terms.get('/tender/scheme/minBidders')?.articles).toEqual(['87号令']);
  expect(terms.has('/requirements/0/id')).toBe(false);
});

test('a change leaves everything else as it was', () => {
  const changed = withTerm(DOCUMENT, ['requirements', 1, 'minimum'], 5);
  expect(changed).toMatchObject({ requirements: [{ minimum: 8 }, { minimum: 5 }], tender: { ceiling: '100.00' } });
  expect(DOCUMENT).toMatchObject({ requirements: [{}, { minimum: 4 }] });
});

test('what is typed becomes the kind of value that stood there', () => {
  expect(typed('12', 8)).toBe(12);
  expect(typed('twelve', 8)).toBe('twelve');
  expect(typed('12', '8')).toBe('12');
  expect(typed('', null)).toBe(null);
  expect(typed('a、b, c', ['x'])).toEqual(['a', 'b', 'c']);
  expect(typed(' ', ['x'])).toEqual([]);
});

test('a term is named after the item it belongs to', () => {
  expect(groupOf(DOCUMENT, ['requirements', 0, 'minimum'], 'zh')).toBe('专职人员');
  expect(groupOf(DOCUMENT, ['tender', 'ceiling'], 'en')).toBe('');
});
