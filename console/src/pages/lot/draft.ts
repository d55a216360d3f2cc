import { useCallback, useState } from 'react';

export type Scores = Record<string, Record<string, string>>;

/** Scores as they are typed, kept in this browser until they are submitted; another person's drafts are another key. */
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
    localStorage.removeItem(name); // what another version has left there is no sheet
    return {};
  }
}

/** The sum of what is typed so far, in hundredths so that decimals add up exactly. */
export function sumOf(scores: Record<string, string> | undefined): string {
  const hundredths = Object.values(scores ?? {}).reduce((sum, value) => sum + Math.round(Number(value || 0) * 100), 0);
  return Number.isFinite(hundredths) ? (hundredths / 100).toFixed(2) : '–';
}

/** Whether a score may stand: a number from 0 to the factor's points (财政部令第87号 第六十四条); empty is not yet wrong. */
export function isInRange(value: string | undefined, points: string): boolean {
  return value === undefined || value === '' || (/^\d+(\.\d+)?$/.test(value) && Number(value) <= Number(points));
}
