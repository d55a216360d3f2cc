"""Who bids where, at what price, and how the five members score: made so that every unit has something to show.

Prices are yuan. The expert points below are what the members' sheets average to, exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.sample.tender import LOTS, MEMBERS

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Factor:
    """A scoring factor (评审因素); an objective one is scored alike by all members."""

    id: str
    points: Decimal
    objective: bool = False
    technical: bool = False


@dataclass(frozen=True, slots=True)
class Bid:
    """One offer for one lot; `tilt` points go from the first technical factor to the last other one."""

    bidder: str
    price: Decimal
    expert: Decimal
    tilt: Decimal = Decimal(0)


def _bid(bidder: str, price: int | str, expert: str, tilt: str = "0") -> Bid:
    return Bid(bidder, Decimal(price).quantize(Decimal("0.01")), Decimal(expert), Decimal(tilt))
