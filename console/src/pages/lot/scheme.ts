import type { TenderOut } from '~/api/generated';

export interface Factor {
  id: string;
  points: string;
  objective: boolean;
  technical: boolean;
  title: { zh: string; en: string };
}

export interface Scheme {
  factors: Factor[];
  price: { formula: string; points: string };
}

/** The scoring scheme of a tender; the document describes it as open, the policy fixes its shape. */
export function schemeOf(tender: TenderOut): Scheme {
  return tender.scheme as Scheme;
}
