"""Award scenarios (中标) under three rules, with limits on the number of lots that one supplier may win.

`independent` awards every lot to its first rank; `sequential` goes lot by lot and skips bidders at their limit; `optimal`
considers all lots together. Only the rule that the tender's published policy names can be decided on.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Protocol

from app.core.awards.exchange import Costs, Exchange
from app.core.values.money import Money

MOST_LOTS_SETTLED = 100  # above that, the same one of several equal optima is always returned


class Rule(StrEnum):
    """Award rule."""

    INDEPENDENT = "independent"
    SEQUENTIAL = "sequential"
    OPTIMAL = "optimal"


class Objective(StrEnum):
    """Objective of `optimal` after the number of awarded lots: highest points, or lowest prices."""

    TOTAL_SCORE = "total_score"
    TOTAL_PRICE = "total_price"


class AwardState(StrEnum):
    """States of an award; `pending` until the purchaser decides, `unsuccessful` where a lot is not awarded (废标)."""

    PENDING = "pending"
    ACTIVE = "active"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a lot is not awarded."""

    NO_RANKED_BIDDER = "no_ranked_bidder"
    LIMITS_REACHED = "limits_reached"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of a lot's ranking (中标候选人)."""

    bid: str
    bidder: str
    rank: int
    total: Decimal
    price: Money | None


@dataclass(frozen=True, slots=True)
class RankedLot:
    """A lot and its ranking; each bidder appears once."""

    id: str
    ranking: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum number of lots a supplier may win; `per_supplier` overrides `maximum`. None means no limit."""

    maximum: int | None
    per_supplier: Mapping[str, int | None]

    def of(self, bidder: str) -> int | None:
        """Return the limit of one bidder."""
        return self.per_supplier.get(bidder, self.maximum)


@dataclass(frozen=True, slots=True)
class AwardProblem:
    """The lots with their rankings, the limits, the objective of `optimal`, and the lot order of `sequential`."""

    lots: tuple[RankedLot, ...]
    limits: Limits
    objective: Objective
    order: tuple[RankedLot, ...]


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A lot without award, and the bidders at their limit, best rank first."""

    lot: str
    reason: Reason
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A bidder that `independent` awards more lots than its limit."""

    bidder: str
    limit: int
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The awards under one rule, lots in input order.

    `ties`: lots whose best rank several bidders share, with those bidders; the scenario takes the first by id, an
    officer decides according to the tender documents (第六十八条). `total_price` is None where a winner's price is unknown.
    """

    rule: Rule
    winners: Mapping[str, Candidate]
    unassigned: tuple[Unassigned, ...]
    exceeded: tuple[Exceeded, ...]
    ties: Mapping[str, tuple[str, ...]]
    total_score: Fraction
    total_price: Fraction | None


@dataclass(frozen=True, slots=True)
class PublishedRule:
    """The award rule of the tender documents (实施条例 第三十四条); `order` lists lot ids."""

    rule: Rule
    objective: Objective
    limits: Limits
    order: tuple[str, ...]

    def names(self, problem: AwardProblem, rule: Rule) -> bool:
        """Whether a problem solved under `rule` follows the published procedure in everything that matters to the rule."""
        if rule is not self.rule or rule is Rule.INDEPENDENT:
            return rule is self.rule
        if problem.limits != self.limits:
            return False
        if rule is Rule.OPTIMAL:
            return problem.objective is self.objective
        return tuple(lot.id for lot in problem.order) == self.order


def after_a_fall(
    problem: AwardProblem, standing: Mapping[str, str | None], fallen: Mapping[str, frozenset[str]]
) -> AwardProblem:
    """Return the problem that remains after a winner drops out (实施条例 第四十九条: next rank, or a new tender).

    `standing`: lot → bidder of the awards in force, None where the lot failed; those lots stay unchanged and count
    towards the limits. `fallen`: lot → bidders that have lost it and are no longer ranked there.
    """
    won = Counter(bidder for bidder in standing.values() if bidder is not None)
    own = {bidder: _room(problem.limits.of(bidder), lots) for bidder, lots in won.items()}
    limits = Limits(problem.limits.maximum, {**problem.limits.per_supplier, **own})
    lots = {lot.id: _without(lot, fallen) for lot in problem.lots if lot.id not in standing}
    order = tuple(lots[lot.id] for lot in problem.order if lot.id in lots)
    return AwardProblem(tuple(lots.values()), limits, problem.objective, order)


def _room(limit: int | None, won: int) -> int | None:
    return None if limit is None else max(0, limit - won)


def _without(lot: RankedLot, fallen: Mapping[str, frozenset[str]]) -> RankedLot:
    gone = fallen.get(lot.id, frozenset())
    return RankedLot(lot.id, tuple(candidate for candidate in lot.ranking if candidate.bidder not in gone))


class Solver(Protocol):
    """Proposes an assignment of lots; the core proves that it is optimal, or improves it until it is."""

    def __call__(self, costs: Costs, capacities: Sequence[int]) -> Sequence[int | None]:
        """Return for each lot a bidder of `costs[lot]` or None; each bidder at most `capacities[bidder]` times."""
        ...


def scenario(problem: AwardProblem, rule: Rule, solver: Solver) -> Scenario:
    """Compute the awards under one rule; the result is independent of the order of lots and rankings in the input."""
    if rule is Rule.INDEPENDENT:
        return _scenario(problem, rule, *_independent(problem))
    if rule is Rule.SEQUENTIAL:
        return _scenario(problem, rule, *_sequential(problem))
    return _scenario(problem, rule, _optimal(problem, solver), {})


_Winners = dict[str, Candidate]
_Ties = dict[str, tuple[str, ...]]


def _independent(problem: AwardProblem) -> tuple[_Winners, _Ties]:
    return _by_rank(problem.lots, lambda bidder, won: True)


def _sequential(problem: AwardProblem) -> tuple[_Winners, _Ties]:
    def below_limit(bidder: str, won: int) -> bool:
        limit = problem.limits.of(bidder)
        return limit is None or won < limit

    return _by_rank(problem.order, below_limit)


def _by_rank(lots: Sequence[RankedLot], may_win: Callable[[str, int], bool]) -> tuple[_Winners, _Ties]:
    """Award lot by lot to the best rank that may still win: `may_win(bidder, lots won so far)`."""
    winners: _Winners = {}
    ties: _Ties = {}
    won: Counter[str] = Counter()
    for lot in lots:
        able = [candidate for candidate in lot.ranking if may_win(candidate.bidder, won[candidate.bidder])]
        if not able:
            continue
        best = min(candidate.rank for candidate in able)
        first = sorted((candidate for candidate in able if candidate.rank == best), key=lambda one: one.bidder)
        winners[lot.id] = first[0]
        won[first[0].bidder] += 1
        if len(first) > 1:
            ties[lot.id] = tuple(candidate.bidder for candidate in first)
    return winners, ties


def _optimal(problem: AwardProblem, solver: Solver) -> _Winners:
    """Maximise the number of awarded lots, then the objective; among equals take the smallest list of (lot id, bidder
    id).
    """
    lots = sorted(problem.lots, key=lambda lot: lot.id)
    bidders = sorted({candidate.bidder for lot in lots for candidate in lot.ranking})
    number = {bidder: place for place, bidder in enumerate(bidders)}
    costs = _costs(lots, problem.objective, number)
    limits = (problem.limits.of(bidder) for bidder in bidders)
    capacities = [len(lots) if limit is None else min(limit, len(lots)) for limit in limits]
    nobody = len(bidders)
    proposed = [nobody if bidder is None else bidder for bidder in solver(costs, capacities)]
    exchange = Exchange(costs, capacities, proposed)
    exchange.improve()
    if len(lots) <= MOST_LOTS_SETTLED:
        exchange.settle(range(len(lots)))
    held = zip(lots, exchange.holders, strict=True)
    return {lot.id: _candidate(lot, bidders[holder]) for lot, holder in held if holder != nobody}


def _costs(lots: Sequence[RankedLot], objective: Objective, number: Mapping[str, int]) -> list[dict[int, int]]:
    """Return integers proportional to points (negative: more is better) or prices."""
    ratios = [[_cost(one, objective).as_integer_ratio() for one in lot.ranking] for lot in lots]
    scale = lcm(*{ratio[1] for row in ratios for ratio in row})
    sign = -1 if objective is Objective.TOTAL_SCORE else 1
    return [
        {number[one.bidder]: sign * top * (scale // under) for one, (top, under) in zip(lot.ranking, row, strict=True)}
        for lot, row in zip(lots, ratios, strict=True)
    ]


def _cost(candidate: Candidate, objective: Objective) -> Decimal:
    if objective is Objective.TOTAL_SCORE:
        return candidate.total
    if candidate.price is None:
        raise ValueError("total_price needs the price of every bid")
    return candidate.price.amount


def _candidate(lot: RankedLot, bidder: str) -> Candidate:
    return next(candidate for candidate in lot.ranking if candidate.bidder == bidder)


def _scenario(problem: AwardProblem, rule: Rule, winners: _Winners, ties: _Ties) -> Scenario:
    won = Counter(candidate.bidder for candidate in winners.values())
    chosen = [winners[lot.id] for lot in problem.lots if lot.id in winners]
    prices = [candidate.price for candidate in chosen]
    known = [Fraction(price.amount) for price in prices if price is not None]
    return Scenario(
        rule=rule,
        winners={lot.id: winners[lot.id] for lot in problem.lots if lot.id in winners},
        unassigned=tuple(_unassigned(lot) for lot in problem.lots if lot.id not in winners),
        exceeded=tuple(_exceeded(problem, winners, bidder) for bidder in sorted(won) if _over(problem, bidder, won)),
        ties=ties,
        total_score=sum((Fraction(candidate.total) for candidate in chosen), Fraction(0)),
        total_price=sum(known, Fraction(0)) if len(known) == len(prices) else None,
    )


def _unassigned(lot: RankedLot) -> Unassigned:
    """List the lots without award; a ranked lot is one only where every ranked bidder has reached its limit."""
    ranked = sorted(lot.ranking, key=lambda one: (one.rank, one.bidder))
    reason = Reason.LIMITS_REACHED if ranked else Reason.NO_RANKED_BIDDER
    return Unassigned(lot.id, reason, tuple(candidate.bidder for candidate in ranked))


def _over(problem: AwardProblem, bidder: str, won: Mapping[str, int]) -> bool:
    limit = problem.limits.of(bidder)
    return limit is not None and won[bidder] > limit


def _exceeded(problem: AwardProblem, winners: _Winners, bidder: str) -> Exceeded:
    lots = tuple(lot.id for lot in problem.lots if lot.id in winners and winners[lot.id].bidder == bidder)
    return Exceeded(bidder, problem.limits.of(bidder) or 0, lots)
