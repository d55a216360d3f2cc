"""How much the agreement of two names means, in bits: a value frequent on the list means little, a rare one much.

Fellegi and Sunter (1969) with value-specific frequencies: an agreeing part weighs the logarithm of how rarely it agrees
by chance on this list. A pair is a candidate when its weight exceeds what the whole list yields by chance by `MARGIN`
bits.
"""

from collections.abc import Iterable
from math import log2
from typing import Protocol

from app.core.credit.names import Name
from app.core.credit.resemblance import Explained, Feature, Resemblance

MARGIN = 3.0
_PRIOR = 1000  # names added to every list, so that a popular word does not count as rare on a short list
_RARE_CORE, _PLACE, _TRADE, _FORM = 0.1 / _PRIOR, 1 / 60, 1 / 25, 1 / 5  # shares of one value among those
_MOST_TRADE = 9.0
_UNSTATED = 1.0  # bits where neither name states a place, or a form: few names on a list omit them
_DISTRICT = 3.0  # bits of the same district within the same city
_EDIT = 3.0  # bits deducted per edit of a core: the more edits, the more cores agree by chance
_SLIP = 2.0
_USUAL, _LONG = 4, 2.0  # characters of an average core, and bits for each one more
_DIFFERS = {"trade_differs": -2.0, "trade_related": 1.0, "form_differs": -1.0}


class Frequencies(Protocol):
    """How often each value occurs on a list of `names` names."""

    @property
    def names(self) -> int:
        """Names on the list."""

    def core(self, core: str) -> int:
        """Names with this core."""

    def region(self, region: int) -> int:
        """Names of this province and city (`Name.region`)."""

    def trade(self, trades: Iterable[str]) -> int:
        """Names with exactly these trades."""

    def form(self, form_class: str) -> int:
        """Names with a form of this class."""


def is_enough(frequencies: Frequencies, query: Name, entry: Name, found: Resemblance) -> bool:
    """Whether a similarity exceeds chance on this list; equal, nearly equal and coreless names always do."""
    first = found.features[0]
    if first.feature is not Feature.CORE or query.is_weak:
        return True
    return bits(frequencies, query, entry, found) >= log2(frequencies.names + _PRIOR) + MARGIN


def bits(frequencies: Frequencies, query: Name, entry: Name, found: Resemblance) -> float:
    """Return the weight of a pair of names: the sum over core, place, trade and form."""
    unstated = (not query.codes and not entry.codes) + (not query.form and not entry.form)
    return unstated * _UNSTATED + sum(_weight(frequencies, query, entry, one) for one in found.features)


def _weight(known: Frequencies, query: Name, entry: Name, one: Explained) -> float:
    if one.feature is Feature.CORE:
        count = max(known.core(query.figured), known.core(entry.figured), 1)
        length = min(len(query.figured), len(entry.figured))
        return _rarity(known, count, _RARE_CORE) + _LONG * max(0, length - _USUAL) - _cost(one.detail)
    if one.feature is Feature.PLACE:
        return _place(known, query, entry, one.detail)
    if one.feature is Feature.TRADE and one.detail == "trade_same":
        return min(_MOST_TRADE, _rarity(known, known.trade(query.trades), _TRADE))
    if one.feature is Feature.LEGAL_FORM and one.detail == "form_same":
        return _rarity(known, known.form(query.form_class), _FORM)
    return _DIFFERS.get(one.detail, 0.0)


def _cost(detail: str) -> float:
    if detail.startswith("core_edits_"):
        return _EDIT * int(detail[-1])
    return 0.0 if detail == "same_core" else _SLIP


def _place(known: Frequencies, query: Name, entry: Name, detail: str) -> float:
    if detail not in ("place_same", "place_within"):
        return 0.0
    ours, theirs = query.region, entry.region
    if ours == theirs and ours:
        both = set(query.codes) & set(entry.codes)
        is_district = any(not code.endswith("00") for code in both)
        return _rarity(known, known.region(ours), _PLACE) + (_DISTRICT if is_district else 0.0)
    province = (ours or theirs) // 100 * 100
    return _rarity(known, known.region(province), _PLACE * 2) if province else 1.0


def _rarity(known: Frequencies, count: int, prior: float) -> float:
    return log2((known.names + _PRIOR) / (count + prior * _PRIOR))
