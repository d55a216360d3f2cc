"""Points of a bid: price score, totals of the members, expert mean (财政部令第87号 第五十五条), in exact arithmetic.

Intermediate results are not rounded. Final ones are rounded once, half up, to the decimals of the scheme.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.core.values.money import Money, exact, half_up

PRICE_WEIGHT_FLOOR = Fraction(1, 10)  # 财政部令第87号 第五十五条: services, at least 10 % of all points
ABNORMALLY_LOW = Fraction(4, 5)  # 第六十条 names no percentage: configurable, this is the default
_MEAN_PLACES = 6

Sheets = Mapping[str, Mapping[str, Decimal]]
"""One bid's scores: member → factor → points given."""


class Formula(StrEnum):
    """How the price, or the quantity that replaces it, is scored."""

    LOWEST_PRICE = "lowest_price"
    FIXED = "fixed"
    MOST_OFFERED = "most_offered"


class Correction(StrEnum):
    """The only grounds for changing a score after the result is computed (财政部令第87号 第六十四条)."""

    ARITHMETIC = "arithmetic"
    OUT_OF_RANGE = "out_of_range"
    OBJECTIVE_DISAGREEMENT = "objective_disagreement"
    ABNORMAL = "abnormal"


class TieBreak(StrEnum):
    """Tie-break keys of a scheme. The price as offered always comes first."""

    PRICE = "price"
    TECHNICAL = "technical"
    LOT_DRAW = "lot_draw"


@dataclass(frozen=True, slots=True)
class Factor:
    """One scored factor (评分因素) and its maximum points; all members must agree on an objective factor."""

    id: str
    points: Decimal
    objective: bool
    technical: bool


@dataclass(frozen=True, slots=True)
class Scheme:
    """The scoring scheme (评分办法) of a lot, as published."""

    price_points: Decimal
    formula: Formula
    factors: tuple[Factor, ...]
    places: int
    min_bidders: int
    tie_break: frozenset[TieBreak]
    draw_seed: str | None
    abnormally_low: Fraction = ABNORMALLY_LOW

    @property
    def seed(self) -> str | None:
        """Return the seed of the draw, where the scheme both lists a draw and has a seed."""
        return self.draw_seed if TieBreak.LOT_DRAW in self.tie_break else None

    @property
    def all_points(self) -> Fraction:
        """Return the points of the price and of all factors; a fixed price is not a factor."""
        price = Fraction(0) if self.formula is Formula.FIXED else Fraction(self.price_points)
        return sum((Fraction(factor.points) for factor in self.factors), price)

    @property
    def price_weight_too_low(self) -> bool:
        """Whether price points are under 10 % of all points (第五十五条); a fixed price is not a factor."""
        return self.formula is Formula.LOWEST_PRICE and self.price_points < PRICE_WEIGHT_FLOOR * self.all_points


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid: price as offered, qualified or not, share deducted from the price for comparison, quantity offered."""

    id: str
    price: Money | None
    qualified: bool
    deduction: Decimal
    offered: Decimal | None

    @property
    def evaluation_price(self) -> Fraction | None:
        """Return price × (1 − deduction), yuan; the contract price stays the offer."""
        return None if self.price is None else Fraction(self.price.amount) * (1 - Fraction(self.deduction))


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one bid. `price_score`, `expert_score` and `total` are rounded; the rest is exact."""

    bid: str
    price: Money | None
    evaluation_price: Fraction | None
    price_score: Decimal | None
    member_totals: Mapping[str, Fraction]
    factor_means: Mapping[str, Fraction]
    technical: Fraction
    expert_score: Decimal
    total: Decimal


def benchmark_of(bids: Iterable[Bid]) -> Fraction | None:
    """Return the lowest evaluation price (评标基准价), yuan; None where no bid states a price."""
    return min((price for bid in bids if (price := bid.evaluation_price) is not None), default=None)


def score(scheme: Scheme, bids: Sequence[Bid], sheets: Mapping[str, Sheets]) -> tuple[Score, ...]:
    """Compute the points of each bid, in the order of `bids`; `sheets` holds every score of every bid (see ranking)."""
    price_scores = _price_scores(scheme, bids)
    return tuple(_score_one(scheme, bid, sheets[bid.id], price) for bid, price in zip(bids, price_scores, strict=True))


def _price_scores(scheme: Scheme, bids: Sequence[Bid]) -> list[Decimal | None]:
    """Compute benchmark ÷ evaluation price × points, or offered ÷ highest offered × points; exact ratio, rounded once."""
    if scheme.formula is Formula.FIXED:
        return [None for _ in bids]
    if scheme.formula is Formula.LOWEST_PRICE:
        shares = _shares([1 / (bid.evaluation_price or Fraction(0)) for bid in bids])
    else:
        shares = _shares([Fraction(bid.offered or 0) for bid in bids])
    return [half_up(share * Fraction(scheme.price_points), scheme.places) for share in shares]


def _shares(values: Sequence[Fraction]) -> list[Fraction]:
    highest = max(values)
    return [value / highest for value in values]


def _score_one(scheme: Scheme, bid: Bid, sheets: Sheets, price_score: Decimal | None) -> Score:
    members = sorted(sheets)
    totals = {member: _total(sheets[member].values()) for member in members}
    means = {factor.id: _mean([Fraction(sheets[m][factor.id]) for m in members]) for factor in scheme.factors}
    expert = half_up(_mean(list(totals.values())), scheme.places)
    total = Fraction(expert) + Fraction(price_score or 0)
    return Score(
        bid=bid.id,
        price=bid.price,
        evaluation_price=bid.evaluation_price,
        price_score=price_score,
        member_totals=totals,
        factor_means=means,
        technical=sum((means[factor.id] for factor in scheme.factors if factor.technical), Fraction(0)),
        expert_score=expert,
        total=half_up(total, scheme.places),
    )


def _total(points: Iterable[Decimal]) -> Fraction:
    return sum((Fraction(value) for value in points), Fraction(0))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def mean_text(mean: Fraction, places: int) -> str:
    """Format a mean: at most six decimals (1/3 does not terminate), at least `places`."""
    return exact(Fraction(half_up(mean, max(places, _MEAN_PLACES))), places)


def abnormally_low(bids: Sequence[Bid], share: Fraction) -> tuple[str, ...]:
    """Return the ids of bids whose price is under `share` of the mean of the others (第六十条), which the bidder must
    explain.
    """
    prices = {bid.id: Fraction(bid.price.amount) for bid in bids if bid.price is not None}
    everything, others = sum(prices.values(), Fraction(0)), len(prices) - 1
    return tuple(bid for bid, price in prices.items() if others and price < share * (everything - price) / others)
