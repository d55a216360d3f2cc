export type Box = [number, number, number, number];

/** A field as it was read, with its place on the page in 0..1 from the top left. */
export interface ReadField {
  field: string;
  value: unknown;
  text: string | null;
  page: number;
  box: Box | null;
  method: string;
  confidence: number;
  group: number;
}

export interface Reading {
  fields: ReadField[];
  rows: Record<string, unknown>[];
  pages: number;
  reasons: { code: string; message: string }[];
}

export interface Requirement {
  id: string;
  outcome: 'met' | 'not_met' | 'undetermined';
  observed: number | null;
  required: number | null;
  doubtful: number | null;
  legalBasis: string[];
}

export type Counted = 'countable' | 'doubtful' | 'excluded';

export interface StaffLine {
  pointer: string;
  fullTime: Counted;
  socialWorker: Counted;
  codes: string[];
}

export interface Dossier {
  organization: { name: string; identifier: { id: string } | null; registration: Record<string, unknown> };
  roster: { name: string; residentId: string | null; employment: string | null; position: string | null }[];
}
