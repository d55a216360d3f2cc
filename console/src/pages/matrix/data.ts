import type { ToneName } from '~/app/tones';
import type { Cell as MatrixCell, MatrixOut, Row as MatrixRow } from '~/api/generated';

export const OUTCOME_TONES: Record<MatrixCell['outcome'], ToneName> = { met: 'good', not_met: 'bad', undetermined: 'open' };

export interface BidderRow extends MatrixRow {
  byRequirement: ReadonlyMap<string, MatrixCell>;
  /** Returns the smallest margin of a headcount; null without headcounts. */
  margin: number | null;
  needsPerson: boolean;
}

export type Ordering = 'name' | 'margin' | 'score';

/** Adds to the rows what the page sorts and filters by. */
export function bidderRows(matrix: MatrixOut): BidderRow[] {
  return matrix.rows.map((row) => ({
    ...row,
    byRequirement: new Map(row.cells.map((cell) => [cell.requirement, cell])),
    margin: smallest(row.cells),
    needsPerson: row.verdict === null || row.verdict === 'needs_review' || row.blockingLeads > 0 || row.openCandidates > 0,
  }));
}

function smallest(cells: readonly MatrixCell[]): number | null {
  const margins = cells.flatMap(({ observed, required }) => (observed !== null && required !== null ? [observed - required] : []));
  return margins.length > 0 ? Math.min(...margins) : null;
}

export function shownRows(rows: readonly BidderRow[], needsPerson: boolean, ordering: Ordering): BidderRow[] {
  const kept = needsPerson ? rows.filter((row) => row.needsPerson) : [...rows];
  const names = new Intl.Collator('zh-Hans-CN', { numeric: true });
  const by: Record<Ordering, (one: BidderRow, other: BidderRow) => number> = {
    name: () => 0,
    margin: (one, other) => (one.margin ?? -Infinity) - (other.margin ?? -Infinity),
    score: (one, other) => Number(one.score ?? -1) - Number(other.score ?? -1),
  };
  return kept.sort((one, other) => by[ordering](one, other) || names.compare(one.name, other.name));
}
