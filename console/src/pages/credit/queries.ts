import type { QueryIn } from '~/api/generated';

const CODE = /^[0-9A-HJ-NPQRTUWXY]{18}$/i;

/** One query per line: a name, a code, or both; the key is the line's number. */
export function queriesIn(text: string): Record<string, QueryIn> {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return Object.fromEntries(lines.map((line, index) => [String(index + 1), queryOf(line)]));
}

function queryOf(line: string): QueryIn {
  const parts = line.split(/[\s,，;；]+/);
  const code = parts.find((part) => CODE.test(part));
  const name = parts.filter((part) => part !== code).join(' ');
  return { name: name || null, uscc: code ?? null };
}
