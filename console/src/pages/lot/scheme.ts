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

/** The scoring scheme of a tender; the API describes it as an open object, the policy schema defines it. */
export function schemeOf(tender: TenderOut): Scheme {
  return tender.scheme as Scheme;
}
