"""Propose an optimum with scipy's `linear_sum_assignment` (shortest augmenting paths); slow to load, fast to solve.

It works in binary floating point, exact while sums stay under 2^53; the core verifies or improves each proposal in
integers. benchmarks/awards.py compares scipy with HiGHS.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from app.core.awards.exchange import Costs

_MOST_CELLS = 40_000_000


def assign(costs: Costs, capacities: Sequence[int]) -> list[int | None]:
    """Choose a bidder in `costs[lot]` or None for each lot, given an offer; see `app.core.awards.assignment.Solver`.

    One row per lot; one column for each lot a bidder may win, and one column per lot of its own. That column represents
    the cheapest bidder whose limit cannot bind, or an unassigned lot, which costs more than all else together.
    """
    offers = np.full((len(costs), len(capacities)), np.inf)
    for lot, row in enumerate(costs):
        offers[lot, list(row)] = list(row.values())
    free = np.asarray(capacities) >= np.isfinite(offers).sum(axis=0)
    own, own_cost = _cheapest(np.where(free, offers, np.inf))
    columns = _columns(capacities, free, len(costs))
    left_over = 2.0 * len(costs) * max(abs(cost) for row in costs for cost in row.values()) + 1
    table = np.full((len(costs), len(columns) + len(costs)), np.inf)
    table[:, : len(columns)] = offers[:, columns]
    np.fill_diagonal(table[:, len(columns) :], np.where(np.isfinite(own_cost), own_cost, left_over))
    _, chosen = linear_sum_assignment(table)
    limited = [columns[column] if column < len(columns) else None for column in chosen]
    fallback = [int(bidder) if np.isfinite(cost) else None for bidder, cost in zip(own, own_cost, strict=True)]
    return [second if first is None else first for first, second in zip(limited, fallback, strict=True)]


def _cheapest(offers: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    best = offers.argmin(axis=1)
    return best, offers[np.arange(len(offers)), best]


def _columns(capacities: Sequence[int], free: NDArray[np.bool_], lots: int) -> list[int]:
    """Return each bidder as often as it may win, or less often to bound memory: the core corrects the proposal."""
    most = max(1, _MOST_CELLS // (lots * len(capacities)))
    return [
        bidder for bidder, capacity in enumerate(capacities) if not free[bidder] for _ in range(min(capacity, most))
    ]
