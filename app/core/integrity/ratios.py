"""Prices of two bidders with the same ratio in several lots (财政部令第87号 第三十七条第（四）项)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from app.core.integrity.facts import Bidder
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer, Seen, Strength, seen
from app.core.integrity.prices import grain, lot_prices, strength_of

_LEAST_LOTS = 3
_PLACES = 6


def fixed_ratios(bidders: Sequence[Bidder], ceilings: Mapping[str, Decimal], guards: Guards) -> Iterator[Seen]:
    """Find pairs whose ratio is constant although their prices vary; bidders that both ask a fixed share of the ceiling
    need not collude.
    """
    spans = _spans(bidders, guards)
    by_id = {bidder.id: bidder for bidder in bidders}
    for (one, other), lots in sorted(_candidates(bidders, spans).items()):
        first, second = by_id[one], by_id[other]
        ratio = _ratio(first, second, lots)
        if ratio is None:
            continue
        chance = math.comb(len(bidders), 2) * math.prod(_cell(first, second, lot, spans) for lot in lots[1:])
        strength = strength_of(chance, guards)
        if strength is None:
            continue
        if _follows_ceiling(first, ceilings, lots) or _follows_ceiling(second, ceilings, lots):
            strength = Strength.WEAK
        evidence = [
            Pointer(bidder.id, "price", lot=lot, shown=f"{bidder.prices[lot]:.2f}")
            for bidder in (first, second)
            for lot in lots
        ]
        yield seen(
            "prices_in_fixed_ratio", strength, f"ratio:{one}:{other}", evidence, lots=len(lots), step=f"{ratio:.4f}"
        )


def _spans(bidders: Sequence[Bidder], guards: Guards) -> dict[str, int]:
    """Return for each lot with enough bids the spread of its prices in fen."""
    lots = lot_prices(bidders).items()
    spans = {lot: priced[-1].fen - priced[0].fen for lot, priced in lots if len(priced) >= guards.few_bids}
    return {lot: span for lot, span in spans.items() if span}


def _cell(one: Bidder, other: Bidder, lot: str, spans: Mapping[str, int]) -> float:
    """Return the fraction of the spread that a price occupies at the coarser rounding of the two."""
    rounded = max(grain(int(bidder.prices[lot] * 100)) for bidder in (one, other))
    return min(1.0, max(rounded, 2) / spans[lot])


def _candidates(bidders: Sequence[Bidder], spans: Mapping[str, int]) -> dict[tuple[str, str], list[str]]:
    """Find pairs whose prices move alike between lots, with those lots: by equal steps, not by comparing all pairs."""
    movers: dict[tuple[str, str, float], list[str]] = {}
    for bidder in bidders:
        own = sorted(lot for lot, price in bidder.prices.items() if lot in spans and price > 0)
        for lot, following in pairwise(own):
            moved = round(float(bidder.prices[following] / bidder.prices[lot]), _PLACES)
            movers.setdefault((lot, following, moved), []).append(bidder.id)
    found: dict[tuple[str, str], set[str]] = {}
    for (lot, following, _), own in movers.items():
        if len(own) <= _most(len(bidders)):
            for place, one in enumerate(own):
                for other in own[place + 1 :]:
                    found.setdefault((min(one, other), max(one, other)), set()).update((lot, following))
    return {pair: sorted(lots) for pair, lots in found.items() if len(lots) >= _LEAST_LOTS}


def _most(bidders: int) -> int:
    """Return the largest group to compare: larger ones follow the market, and comparing all pairs has quadratic cost."""
    return max(8, math.isqrt(bidders))


def _ratio(one: Bidder, other: Bidder, lots: Sequence[str]) -> float | None:
    """Return the constant ratio of their prices; None where it varies, or where the prices themselves do not."""
    ratios = {round(float(other.prices[lot] / one.prices[lot]), _PLACES - 1) for lot in lots}
    if len(ratios) != 1 or len({one.prices[lot] for lot in lots}) < _LEAST_LOTS:
        return None
    return ratios.pop()


def _follows_ceiling(bidder: Bidder, ceilings: Mapping[str, Decimal], lots: Sequence[str]) -> bool:
    if any(lot not in ceilings for lot in lots):
        return False
    return len({round(float(bidder.prices[lot] / ceilings[lot]), 4) for lot in lots}) == 1
