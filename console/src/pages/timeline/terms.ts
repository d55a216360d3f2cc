/** A JSON value of a policy document. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Path = readonly (string | number)[];

/** One value that the officer can change, with its place in the document and the articles of the part it belongs to. */
export interface Term {
  path: Path;
  pointer: string;
  value: string | number | boolean | null | readonly string[];
  articles: readonly string[];
}

const FIXED = new Set(['legalBasis', 'id', 'version']);

/** Returns every value of a document below `path`, in its order; identifiers and articles are not values to edit. */
export function termsOf(value: Json, path: Path = [], articles: readonly string[] = []): Term[] {
  if (isScalar(value) || isWords(value)) return [{ path, pointer: pointerOf(path), value, articles }];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => termsOf(item, [...path, index], articles));
  const members = value as { readonly [name: string]: Json };
  const own = members.legalBasis;
  const near = isWords(own) && own.length > 0 ? own : articles;
  return Object.entries(members)
    .filter(([name]) => !FIXED.has(name))
    .flatMap(([name, member]) => termsOf(member, [...path, name], near));
}

function isScalar(value: Json): value is null | boolean | number | string {
  return value === null || typeof value !== 'object';
}

function isWords(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Returns the document with another value at the path; the given one stays as it was. */
export function withTerm(document: Json, path: Path, value: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(document)) return document.map((item: Json, index) => (index === step ? withTerm(item, rest, value) : item));
  const members = document as { readonly [name: string]: Json };
  return { ...members, [step]: withTerm(members[step] ?? null, rest, value) };
}

/** Reads what was typed as the kind of value that stood there; text that is no number stays text, for the service to refuse. */
export function typed(text: string, before: Term['value']): Json {
  const trimmed = text.trim();
  if (Array.isArray(before)) return trimmed === '' ? [] : trimmed.split(/\s*[、,，]\s*/);
  if (before === null) return trimmed === '' ? null : trimmed;
  if (typeof before === 'number') return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
  return text;
}

/** The name of the item that a term belongs to: the nearest title or name above it, else the part of the document. */
export function groupOf(document: Json, path: Path, language: 'zh' | 'en'): string {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const item = path.slice(0, length).reduce<Json | undefined>((at, step) => (at as Record<string, Json> | undefined)?.[step as string], document);
    const title = (item as { title?: Record<string, string> } | undefined)?.title?.[language];
    const name = (item as { name?: string } | undefined)?.name;
    if (typeof path[length - 1] === 'number' && (title ?? name)) return title ?? name ?? '';
  }
  return '';
}
