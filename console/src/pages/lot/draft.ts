import { useCallback, useState } from 'react';

export type Scores = Record<string, Record<string, string>>;

/** Unsubmitted scores, stored in this browser under a key of their own for each user. */
export function useDraft(key: string) {
  const name = `bidscreen.sheet.${key}`;
  const [scores, setScores] = useState<Scores>(() => read(name));
  const change = useCallback(
    (bid: string, factor: string, value: string) =>
      setScores((before) => {
        const after = { ...before, [bid]: { ...before[bid], [factor]: value } };
        localStorage.setItem(name, JSON.stringify(after));
        return after;
      }),
    [name],
  );
  const forget = useCallback(() => localStorage.removeItem(name), [name]);
  return { scores, change, forget };
}

function read(name: string): Scores {
  const kept = localStorage.getItem(name);
  if (kept === null) return {};
  try {
    return JSON.parse(kept) as Scores;
  } catch {
    localStorage.removeItem(name); // left by another version, not a sheet
    return {};
  }
}

/** Returns the sum of the scores entered so far, in hundredths so that decimals add up exactly. */
export function sumOf(scores: Record<string, string> | undefined): string {
  const hundredths = Object.values(scores ?? {}).reduce((sum, value) => sum + Math.round(Number(value || 0) * 100), 0);
  return Number.isFinite(hundredths) ? (hundredths / 100).toFixed(2) : '–';
}

/** Whether a score is acceptable: a number from 0 to the factor's points (财政部令第87号 第六十四条); empty is not yet wrong. */
export function isInRange(value: string | undefined, points: string): boolean {
  return value === undefined || value === '' || (/^\d+(\.\d+)?$/.test(value) && Number(value) <= Number(points));
}
