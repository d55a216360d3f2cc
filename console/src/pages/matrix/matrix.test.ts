import { expect, it } from 'vitest';
import type { MatrixOut } from '~/api/generated';
import { bidderRows, shownRows } from './data';
import { moved } from './useGridKeys';

type Row = MatrixOut['rows'][number];

function row(name: string, verdict: Row['verdict'], counts: [number, number][], more: Partial<Row> = {}): Row {
  const cells = counts.map(([observed, required], index) => ({
    requirement: `count_${index}`,
    outcome: observed >= required ? 'met' : 'not_met',
    observed,
    required,
    doubtful: 0,
    evidence: 1,
    reasons: [],
  }));
  const rest = { screening: 's', score: '90', asOf: null, screenedAt: null, openLeads: 0, blockingLeads: 0, openCandidates: 0, bids: [] };
  return { organizationId: name, name, verdict, cells, ...rest, ...more } as unknown as Row;
}

const ROWS = bidderRows({
  rows: [
    row('甲', 'eligible', [[10, 8], [6, 4]]),
    row('乙', 'needs_review', [[7, 8], [4, 4]]),
    row('丙', 'eligible', [[8, 8]], { openCandidates: 1 }),
    row('丁', 'ineligible', [], { openLeads: 3 }),
  ],
} as unknown as MatrixOut);

it('takes the smallest margin of the counts', () => {
  expect(ROWS.map((one) => one.margin)).toEqual([2, -1, 0, null]);
});

it('keeps what needs a person: a verdict, a candidate, a lead that blocks', () => {
  expect(shownRows(ROWS, true, 'name').map((one) => one.name).sort()).toEqual(['丙', '乙']);
});

it('sorts by margin, bidders without a count first', () => {
  expect(shownRows(ROWS, false, 'margin').map((one) => one.name)).toEqual(['丁', '乙', '丙', '甲']);
});

it('moves through the grid and stays within it', () => {
  const at = { row: 1, column: 1 };
  expect(moved('ArrowDown', at, 2, 3, false)).toEqual({ row: 1, column: 1 });
  expect(moved('ArrowLeft', at, 2, 3, false)).toEqual({ row: 1, column: 0 });
  expect(moved('End', at, 9, 3, true)).toEqual({ row: 8, column: 2 });
  expect(moved('PageDown', at, 40, 3, false)).toEqual({ row: 11, column: 1 });
  expect(moved('a', at, 2, 3, false)).toBeNull();
});
