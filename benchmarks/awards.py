"""Compare optimal awards with HiGHS (scipy.optimize.milp) in one run: `python benchmarks/awards.py`. Prints seconds and
ratios.

Both get the same lots, totals and limits and find the same sum; ours also selects among equal optima up to 100 lots and
proves the result in integers. Best of several runs each, without JSON decoding.
"""

import random
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from app.awarding.awards.proposal import propose
from app.core.awards.assignment import AwardProblem, Candidate, Limits, Objective, RankedLot, Rule, scenario

SIZES = ((9, 60, 2, 20), (100, 200, 2, 5), (1000, 300, 4, 2))  # lots, bidders, limit, runs


def generated(lots: int, bidders: int, limit: int) -> AwardProblem:
    """Generate bidders of differing quality, so that the good ones are wanted in every lot and the limits bind."""
    chance = random.Random(lots)
    quality = [chance.randrange(6000, 9500) for _ in range(bidders)]
    rows = []
    for number in range(lots):
        totals = [Decimal(points + chance.randrange(500)) / 100 for points in quality]
        order = sorted(range(bidders), key=lambda one, totals=totals: -totals[one])
        ranking = [
            Candidate(f"{number}-{one}", f"S{one:03d}", rank, totals[one], None) for rank, one in enumerate(order, 1)
        ]
        rows.append(RankedLot(f"L{number:04d}", tuple(ranking)))
    return AwardProblem(tuple(rows), Limits(limit, {}), Objective.TOTAL_SCORE, tuple(rows))


def by_highs(problem: AwardProblem) -> Fraction:
    """Solve the same problem as a 0/1 program: each lot once, no supplier above its limit (lots ≤ capacity here)."""
    bidders = {name: place for place, name in enumerate(sorted({one.bidder for one in problem.lots[0].ranking}))}
    lots, count = len(problem.lots), len(bidders)
    totals = np.array([float(one.total) for lot in problem.lots for one in sorted(lot.ranking, key=lambda c: c.bidder)])
    cells = np.arange(lots * count)
    once = csr_array((np.ones(cells.size), (cells // count, cells)))
    limits = csr_array((np.ones(cells.size), (cells % count, cells)))
    constraints = [LinearConstraint(once, 1, 1), LinearConstraint(limits, 0, problem.limits.maximum or lots)]
    found = milp(-totals, constraints=constraints, bounds=Bounds(0, 1), integrality=np.ones(cells.size))
    return Fraction(round(-found.fun * 100), 100)


def by_us(problem: AwardProblem) -> Fraction:
    """Solve with proof and selection among equal optima."""
    return scenario(problem, Rule.OPTIMAL, propose).total_score


def best_of(runs: int, action: Callable[[AwardProblem], Fraction], problem: AwardProblem) -> tuple[float, Fraction]:
    """Return the seconds of the fastest run, and its result."""
    fastest, found = float("inf"), Fraction(0)
    for _ in range(runs):
        began = time.perf_counter()
        found = action(problem)
        fastest = min(fastest, time.perf_counter() - began)
    return fastest, found


def main() -> None:
    """Print a line for each size."""
    for lots, bidders, limit, runs in SIZES:
        problem = generated(lots, bidders, limit)
        ours, our_sum = best_of(runs, by_us, problem)
        theirs, their_sum = best_of(runs, by_highs, problem)
        if our_sum != their_sum:
            raise SystemExit(f"{lots} x {bidders}: {our_sum} and {their_sum} differ")
        print(
            f"{lots:5} lots x {bidders:3} bidders  ours {ours:8.4f} s  HiGHS {theirs:8.4f} s  ratio {theirs / ours:6.1f}"
        )


if __name__ == "__main__":
    main()
