"""Prices in a regular pattern (财政部令第87号 第三十七条第（四）项): how likely is it by chance alone?

Each pattern is judged by one figure: the probability that as many prices, drawn at random between the lowest and the
highest and rounded like these, form such a pattern somewhere in the lot. Round prices therefore need a far longer
pattern than odd ones.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.core.integrity.facts import Bidder
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer, Seen, Strength, seen

_FEN = 100
_FEWEST = 3  # prices of a lot; any two prices form a pattern
_LEAST, _MOST = 4, 8  # prices in a window; of three bids all three
_NARROW = 20  # a twentieth of the price
_COMMON_ENDINGS = frozenset("0568")  # round or lucky numbers


@dataclass(frozen=True, slots=True)
class Priced:
    """One bidder's price in a lot, in fen."""

    bidder: str
    fen: int


def price_patterns(bidders: Sequence[Bidder], guards: Guards) -> Iterator[Seen]:
    """Compute leads from the prices of each lot with enough bids, and from ratios across lots."""
    for lot, priced in lot_prices(bidders).items():
        if len(priced) >= _FEWEST:
            yield from _steps(lot, priced, guards)
            yield from _nearly_equal(lot, priced, guards)
        if len(priced) >= guards.few_bids:
            yield from _same_endings(lot, priced, guards)


def lot_prices(bidders: Sequence[Bidder]) -> dict[str, list[Priced]]:
    """Return the prices of each lot, lowest first."""
    lots: dict[str, list[Priced]] = {}
    for bidder in bidders:
        for lot, price in bidder.prices.items():
            if price > 0:
                lots.setdefault(lot, []).append(Priced(bidder.id, int(price * _FEN)))
    return {lot: sorted(lots[lot], key=lambda one: (one.fen, one.bidder)) for lot in sorted(lots)}


def grain(amount: int) -> int:
    """Return the rounding unit of a price: the largest power of ten (times 1 or 5) that divides it, in fen."""
    found = 1
    while amount % (found * 10) == 0:
        found *= 10
    return found * 5 if amount % (found * 5) == 0 else found


def strength_of(chance: float, guards: Guards) -> Strength | None:
    """Rate a pattern of that probability; None where chance explains it."""
    if chance < guards.strong_chance:
        return Strength.STRONG
    return Strength.WEAK if chance < guards.weak_chance else None


@dataclass(frozen=True, slots=True)
class Steps:
    """Prices in steps: which prices, kind of steps, probability by chance, the step (fen, or a ratio)."""

    code: str
    first: int
    size: int
    chance: float
    step: float


def _steps(lot: str, priced: Sequence[Priced], guards: Guards) -> Iterator[Seen]:
    """Find the least likely window of neighbouring prices in steps; further windows add no information."""
    best = min(_windows(priced), key=lambda steps: (steps.chance, -steps.size, steps.first), default=None)
    strength = strength_of(best.chance, guards) if best else None
    if best is None or strength is None:
        return
    own = priced[best.first : best.first + best.size]
    step = f"{best.step / _FEN:.2f}" if best.code == "prices_in_arithmetic_steps" else f"{best.step:.4f}"
    subjects = ":".join(sorted(one.bidder for one in own))
    yield seen(best.code, strength, f"steps:{lot}:{subjects}", _pointers(lot, own), step=step)


def _windows(priced: Sequence[Priced]) -> Iterator[Steps]:
    count = len(priced)
    sizes = list(range(min(_LEAST, count), min(_MOST, count) + 1))
    if count > _MOST:
        sizes.append(count)
    windows = sum(count - size + 1 for size in sizes)
    for size in sizes:
        for first in range(count - size + 1):
            amounts = [one.fen for one in priced[first : first + size]]
            if amounts[-1] > amounts[0]:
                yield from _progressions(first, amounts, windows * 2)


def _progressions(first: int, amounts: Sequence[int], tried: int) -> Iterator[Steps]:
    """Test arithmetic and geometric progression: the interior prices against the positions given by first and last."""
    last, size = len(amounts) - 1, len(amounts)
    step = (amounts[-1] - amounts[0]) / last
    ratio = (amounts[-1] / amounts[0]) ** (1 / last)
    span = amounts[-1] - amounts[0]
    shapes = (
        ("prices_in_arithmetic_steps", step, [amounts[0] + step * place for place in range(size)]),
        ("prices_in_geometric_steps", ratio, [amounts[0] * ratio**place for place in range(size)]),
    )
    for code, by, places in shapes:
        off = max(abs(amount - place) for amount, place in zip(amounts, places, strict=True))
        if off < step / 4:
            cells = [min(1.0, (2 * off + grain(amount)) / span) for amount in amounts[1:-1]]
            yield Steps(code, first, size, tried * math.factorial(size - 2) * math.prod(cells), by)


def _nearly_equal(lot: str, priced: Sequence[Priced], guards: Guards) -> Iterator[Seen]:
    """Find two prices closer than chance would put any two of this many. An identical round price is explained by the
    market.
    """
    count, span = len(priced), priced[-1].fen - priced[0].fen
    for one, other in pairwise(priced):
        apart = other.fen - one.fen
        width = span or one.fen // _NARROW  # all prices equal: treated as drawn from a narrow range
        cell = (2 * apart + max(grain(one.fen), grain(other.fen))) / width if width else 1.0
        strength = strength_of(count * (count - 1) / 2 * cell, guards)
        if strength:
            pair = ":".join(sorted((one.bidder, other.bidder)))
            yield seen(
                "prices_nearly_equal",
                strength,
                f"near:{lot}:{pair}",
                _pointers(lot, (one, other)),
                step=f"{apart / _FEN:.2f}",
            )


def _same_endings(lot: str, priced: Sequence[Priced], guards: Guards) -> Iterator[Seen]:
    """Find prices with the same final digits: two for the fen, four for the yuan as well. Round and lucky ones are
    common.
    """
    for digits in (4, 2):
        groups: dict[str, list[Priced]] = {}
        for one in priced:
            groups.setdefault(f"{one.fen % 10**digits:0{digits}d}", []).append(one)
        told = False
        for ending, own in sorted(groups.items()):
            if len(own) < 3 or len({one.fen for one in own}) < len(own) or set(ending[-2:]) <= _COMMON_ENDINGS:
                continue
            chance = math.comb(len(priced), len(own)) * (0.1**digits) ** (len(own) - 1)
            strength = strength_of(chance, guards)
            if strength:
                told = True
                shown = f"{ending[:-2]}.{ending[-2:]}"
                yield seen("prices_same_cents", strength, f"ending:{lot}:{ending}", _pointers(lot, own), step=shown)
        if told:
            return


def _pointers(lot: str, own: Sequence[Priced]) -> list[Pointer]:
    return [Pointer(one.bidder, "price", lot=lot, shown=f"{Decimal(one.fen) / _FEN:.2f}") for one in own]
