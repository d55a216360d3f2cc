import { expect, it } from 'vitest';
import { isInRange, sumOf } from './draft';

it('adds decimals exactly', () => {
  expect(sumOf({ a: '0.1', b: '0.2', c: '37.8' })).toBe('38.10');
  expect(sumOf(undefined)).toBe('0.00');
});

it('accepts numbers from 0 to the points alone', () => {
  expect(['0', '40', '39.5', ''].map((value) => isInRange(value, '40'))).toEqual([true, true, true, true]);
  expect(['41', '-1', '1e1', 'x', '40.01'].map((value) => isInRange(value, '40'))).toEqual([false, false, false, false, false]);
});
