"""Lots with rankings for award tests, and the optimum by brute force."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import product

from app.core.awards.assignment import AwardProblem, Candidate, Limits, Objective, RankedLot
from app.core.values.money import Money


def lot(name: str, **totals: str) -> RankedLot:
    """Return a lot: `lot("L1", S1="95", S2="94")` is ranked in that order, equal totals share a rank; price = 1,000,000
    − 1,000 × total.
    """
    ordered = list(totals.items())
    ranks = {bidder: 1 + [total for _, total in ordered].index(total) for bidder, total in ordered}
    return RankedLot(
        name,
        tuple(
            Candidate(
                f"{name}-{bidder}", bidder, ranks[bidder], Decimal(total), Money(1_000_000 - 1000 * Decimal(total))
            )
            for bidder, total in ordered
        ),
    )


def problem(
    *lots: RankedLot,
    maximum: int | None = None,
    objective: Objective = Objective.TOTAL_SCORE,
    order: Iterable[str] = (),
    **per_supplier: int | None,
) -> AwardProblem:
    by_id = {one.id: one for one in lots}
    ordered = tuple(by_id[name] for name in order) or lots
    return AwardProblem(lots, Limits(maximum, per_supplier), objective, ordered)


def by_trying(given: AwardProblem) -> dict[str, str]:
    """Return lot → bidder of the optimum, found by trying every assignment; the smallest list among equals."""
    lots = sorted(given.lots, key=lambda one: one.id)
    best: tuple[int, Decimal, list[tuple[str, str]]] | None = None
    for pick in product(*[(*one.ranking, None) for one in lots]):
        chosen = [(one.id, candidate) for one, candidate in zip(lots, pick, strict=True) if candidate]
        winners = [candidate.bidder for _, candidate in chosen]
        limits = {bidder: given.limits.of(bidder) for bidder in winners}
        if any(limit is not None and winners.count(bidder) > limit for bidder, limit in limits.items()):
            continue
        key = (
            -len(chosen),
            sum((_cost(one, given) for _, one in chosen), Decimal(0)),
            [(a, b.bidder) for a, b in chosen],
        )
        best = key if best is None or key < best else best
    assert best is not None
    return dict(best[2])


def _cost(candidate: Candidate, given: AwardProblem) -> Decimal:
    if given.objective is Objective.TOTAL_SCORE:
        return -candidate.total
    assert candidate.price is not None
    return candidate.price.amount
