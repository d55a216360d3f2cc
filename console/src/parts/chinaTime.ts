const OFFSET = 8 * 3_600_000;

/** An instant as a clock on a wall in China shows it, as `<input type="datetime-local">` takes it; empty for none. */
export function toChinaTime(instant: string | null): string {
  return instant === null ? '' : new Date(Date.parse(instant) + OFFSET).toISOString().slice(0, 16);
}

/** The other way round; null for none. */
export function fromChinaTime(text: string | undefined): string | null {
  return text ? `${text}:00+08:00` : null;
}
