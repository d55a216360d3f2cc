const OFFSET = 8 * 3_600_000;

/** Converts an instant to China time in the format of `<input type="datetime-local">`; empty for none. */
export function toChinaTime(instant: string | null): string {
  return instant === null ? '' : new Date(Date.parse(instant) + OFFSET).toISOString().slice(0, 16);
}

/** Converts back; null for none. */
export function fromChinaTime(text: string | undefined): string | null {
  return text ? `${text}:00+08:00` : null;
}
