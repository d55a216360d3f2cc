"""Ranking of the bids of a lot (财政部令第87号 第五十七条): exclusions, errors in score sheets, order, ties."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import islice
from typing import Any

from app.core.evaluation.scoring import (
    Bid,
    Factor,
    Formula,
    Scheme,
    Score,
    Sheets,
    TieBreak,
    abnormally_low,
    benchmark_of,
    score,
)
from app.core.values.json_reader import MOST_FAULTS, Fault, below
from app.core.values.money import Money

_Key = tuple[object, ...]


class Exclusion(StrEnum):
    """Why a bid is not ranked (第六十三条)."""

    NOT_QUALIFIED = "not_qualified"
    PRICE_MISSING = "price_missing"
    OVER_CEILING = "over_ceiling"


class DecidedBy(StrEnum):
    """The key that distinguishes a row from all others."""

    TOTAL = "total"
    PRICE = "price"
    TECHNICAL = "technical"
    DRAW = "draw"
    TIED = "tied"


@dataclass(frozen=True, slots=True)
class Lot:
    """The lot (采购单元) and its ceiling price (最高限价), None where it has none."""

    id: str
    ceiling: Money | None


@dataclass(frozen=True, slots=True)
class Admission:
    """The bids to be scored, by index in the list of bids, and the excluded ones with the reason.

    `failed`: fewer bids remain than the scheme requires (采购法 第三十六条), so none is scored.
    """

    left: Mapping[int, Bid]
    excluded: tuple[tuple[str, Exclusion], ...]
    failed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One ranked bid."""

    rank: int
    score: Score
    decided_by: DecidedBy


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of a lot; `reason` states why there is none."""

    lot: str
    reason: str | None
    benchmark: Fraction | None
    rows: tuple[Row, ...]
    excluded: tuple[tuple[str, Exclusion], ...]
    warnings: tuple[tuple[str, str | None], ...]


def admit(lot: Lot, scheme: Scheme, bids: Sequence[Bid]) -> Admission:
    """Admit bids to scoring. The first applicable reason excludes a bid; its scores are not examined."""
    reasons = [_exclusion(lot, scheme, bid) for bid in bids]
    left = {place: bid for place, (bid, reason) in enumerate(zip(bids, reasons, strict=True)) if reason is None}
    excluded = tuple((bid.id, reason) for bid, reason in zip(bids, reasons, strict=True) if reason is not None)
    return Admission(left, excluded, failed=len(left) < scheme.min_bidders)


def _exclusion(lot: Lot, scheme: Scheme, bid: Bid) -> Exclusion | None:
    if not bid.qualified:
        return Exclusion.NOT_QUALIFIED
    if bid.price is None:
        return None if scheme.formula is Formula.FIXED else Exclusion.PRICE_MISSING
    if bid.price.amount <= 0:  # a printed 0.00 means "not stated", never a price
        return Exclusion.PRICE_MISSING
    return Exclusion.OVER_CEILING if lot.ceiling is not None and bid.price > lot.ceiling else None


def faults_of(scheme: Scheme, admission: Admission, sheets: Mapping[str, Sheets]) -> tuple[Fault, ...]:
    """List errors that prevent scoring (第六十四条), at most 1,000; empty when there are none.

    `sheets`: bid id → member → factor → points, for every remaining bid. Pointers are those of a ranking's input.
    """
    if admission.failed:
        return ()
    members = sorted({member for bid in admission.left.values() for member in sheets[bid.id]})
    if not members:
        return (Fault("no_member", "At least one member's scores are expected", "/bids"),)
    return tuple(islice(_faults(scheme, admission, sheets, members), MOST_FAULTS))


def _faults(
    scheme: Scheme, admission: Admission, sheets: Mapping[str, Sheets], members: Sequence[str]
) -> Iterator[Fault]:
    for place, bid in admission.left.items():
        pointer = below("/bids", place)
        if scheme.formula is Formula.MOST_OFFERED and (bid.offered is None or bid.offered <= 0):
            yield Fault("offered_missing", "A quantity above 0 is expected under most_offered", f"{pointer}/offered")
        yield from _unknown_factors(scheme, sheets[bid.id], f"{pointer}/scores")
        for member in members:
            sheet = sheets[bid.id].get(member, {})
            for factor in scheme.factors:
                yield from _score_fault(factor, sheet, below(f"{pointer}/scores", member))
        for factor in scheme.factors:
            yield from _disagreement(factor, sheets[bid.id], pointer)


def _unknown_factors(scheme: Scheme, sheets: Sheets, pointer: str) -> Iterator[Fault]:
    known = {factor.id for factor in scheme.factors}
    for member, sheet in sheets.items():
        for factor in sheet:
            if factor not in known:
                where = below(below(pointer, member), factor)
                yield Fault("unknown_factor", "Only the factors of the scheme are expected", where)


def _score_fault(factor: Factor, sheet: Mapping[str, Decimal], pointer: str) -> Iterator[Fault]:
    points, where = sheet.get(factor.id), below(pointer, factor.id)
    if points is None:
        yield Fault(
            "score_missing", "A score of every member for every factor of every remaining bid is expected", where
        )
    elif not 0 <= points <= factor.points:
        yield Fault("score_out_of_range", f"A score from 0 to {factor.points:f} is expected", where)


def _disagreement(factor: Factor, sheets: Sheets, pointer: str) -> Iterator[Fault]:
    given = {sheet[factor.id] for sheet in sheets.values() if factor.id in sheet}
    if factor.objective and len(given) > 1:
        yield Fault(
            "objective_disagreement", "The same points from all members are expected for an objective factor", pointer
        )


def rank(lot: Lot, scheme: Scheme, bids: Sequence[Bid], sheets: Mapping[str, Sheets]) -> Ranking:
    """Rank the bids of a lot whose input has no errors (`faults_of`); bid ids are unique.

    Order: total descending; price as offered ascending (第五十七条); then, where listed, technical points descending and the
    draw (第六十八条); bids still tied share a rank and the next rank is skipped. The result does not depend on the order of
    the bids.
    """
    admission = admit(lot, scheme, bids)
    if admission.failed:
        return Ranking(lot.id, "too_few_bidders", None, (), admission.excluded, ())
    left = list(admission.left.values())
    rows = order(scheme, score(scheme, left, sheets))
    return Ranking(lot.id, None, benchmark_of(left), rows, admission.excluded, _warnings(scheme, left))


def order(scheme: Scheme, scores: Sequence[Score]) -> tuple[Row, ...]:
    """Return the rows in order, each with its rank and the first key that distinguishes it from all others."""
    keys = _keys(scheme)
    values = {one.bid: tuple(key(one) for _, key in keys) for one in scores}
    shared = Counter(value[:length] for value in values.values() for length in range(1, len(keys) + 1))
    ordered = sorted(scores, key=lambda one: (values[one.bid], one.bid))
    places: dict[_Key, int] = {}
    for place, one in enumerate(ordered, start=1):
        places.setdefault(values[one.bid], place)
    return tuple(Row(places[values[one.bid]], one, _decided_by(keys, values[one.bid], shared)) for one in ordered)


def _keys(scheme: Scheme) -> list[tuple[DecidedBy, Callable[[Score], Any]]]:
    keys: list[tuple[DecidedBy, Callable[[Score], Any]]] = [
        (DecidedBy.TOTAL, lambda one: -one.total),
        (DecidedBy.PRICE, _price_key),
    ]
    if TieBreak.TECHNICAL in scheme.tie_break:
        keys.append((DecidedBy.TECHNICAL, lambda one: -one.technical))
    if (seed := scheme.seed) is not None:
        keys.append((DecidedBy.DRAW, lambda one: draw(seed, one.bid)))
    return keys


def _price_key(one: Score) -> tuple[bool, Decimal]:
    """Sort key of the price: a missing price, possible under a fixed price only, sorts after every stated one."""
    return one.price is None, one.price.amount if one.price else Decimal(0)


def draw(seed: str, bid: str) -> str:
    """Compute the draw (抽签) of a bid: the seed was committed before the opening, so anyone can verify it."""
    return hashlib.sha256(f"{seed}\n{bid}".encode()).hexdigest()


def _decided_by(keys: Sequence[tuple[DecidedBy, object]], value: _Key, shared: Counter[_Key]) -> DecidedBy:
    for length, (name, _) in enumerate(keys, start=1):
        if shared[value[:length]] == 1:
            return name
    return DecidedBy.TIED


def _warnings(scheme: Scheme, left: Sequence[Bid]) -> tuple[tuple[str, str | None], ...]:
    weight = [("price_weight_below_floor", None)] if scheme.price_weight_too_low else []
    return *weight, *(("abnormally_low", bid) for bid in abnormally_low(left, scheme.abnormally_low))
