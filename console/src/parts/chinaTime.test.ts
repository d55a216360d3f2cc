import { expect, it } from 'vitest';
import { fromChinaTime, toChinaTime } from './chinaTime';

it('turns an instant into China time and back', () => {
  expect(toChinaTime('2026-05-20T01:30:00Z')).toBe('2026-05-20T09:30');
  expect(new Date(fromChinaTime('2026-05-20T09:30') ?? '').toISOString()).toBe('2026-05-20T01:30:00.000Z');
  expect([toChinaTime(null), fromChinaTime('')]).toEqual(['', null]);
});
