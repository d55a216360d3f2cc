"""Bids, prices and scores of the five members, chosen so that every lot demonstrates something.

Prices are yuan. `expert` is the exact mean of the members' sheets, out of the scheme's expert points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.sample.data.tender import LOTS, MEMBERS, SCHEME, Factor

TENTH = Decimal("0.1")
MEMBER_OFFSETS = (-2, 1, 0, 2, -1)
ScoreSheets = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Bid:
    """One offer for one lot; `tilt` points go from the first technical factor to the last of the others."""

    lot: str
    bidder: str
    price: Decimal
    expert: Decimal
    tilt: Decimal = Decimal(0)

    @property
    def id(self) -> str:
        """Unique in the tender."""
        return f"{self.lot}-{self.bidder}"


_OFFERS = {
    "lot-1": (
        ("chengxi", "958000.00", "85.2"),
        ("puwan", "949000.00", "81.6"),
        ("lanting", "972500.00", "80.9"),
        ("yinghu", "965000.00", "79.4"),
        ("shiqiao", "940000.00", "83.0"),
    ),
    "lot-2": (
        ("chengxi", "962000.00", "84.1"),
        ("puwan", "955000.00", "83.2"),
        ("kunyue", "938000.00", "80.5"),
        ("tonghe", "976000.00", "82.7"),
        ("liuting", "930000.00", "78.8"),
    ),
    "lot-3": (
        ("chengxi", "971000.00", "83.6"),
        ("lanting", "964000.00", "82.1"),
        ("lingtang", "945500.00", "82.9"),
        ("lupu", "952000.00", "80.2"),
        ("fengqi", "947000.00", "81.0"),
    ),
    # kunyue asks under 80 % of the mean of the others
    "lot-4": (
        ("yinghu", "959000.00", "84.4"),
        ("puwan", "967000.00", "82.5"),
        ("tonghe", "981000.00", "81.3"),
        ("kunyue", "712000.00", "78.2"),
        ("fengli", "900000.00", "70.6"),
    ),
    # lanting asks more than the ceiling
    "lot-5": (
        ("yinghu", "954000.00", "83.9"),
        ("chengxi", "968000.00", "83.1"),
        ("lingtang", "961000.00", "81.7"),
        ("kunyue", "979000.00", "80.1"),
        ("lanting", "1008000.00", "84.5"),
        ("yinqiao", "936000.00", "82.2"),
    ),
    "lot-6": (
        ("yinghu", "963000.00", "82.8"),
        ("kunyue", "951000.00", "83.4"),
        ("tonghe", "970000.00", "82.0"),
        ("puwan", "974000.00", "80.7"),
        ("liudu", "946000.00", "81.9"),
    ),
    # 10.00 + 82.00 = 9.50 + 82.50: lanting and puwan tie, the lower price ranks first
    "lot-7": (
        ("lanting", "950000.00", "82.0"),
        ("puwan", "1000000.00", "82.5"),
        ("kunyue", "968000.00", "80.6"),
        ("lingtang", "975000.00", "79.8"),
        ("shiqiao", "953000.00", "81.1"),
    ),
    # chengxi and tonghe tie on total and price; tonghe has fewer technical points
    "lot-8": (
        ("chengxi", "960000.00", "84.0"),
        ("tonghe", "960000.00", "84.0", "0.3"),
        ("lingtang", "948000.00", "81.5"),
        ("kunyue", "985000.00", "79.9"),
        ("liuting", "955000.00", "80.3"),
    ),
    # four bidders, two of them qualified: the lot fails
    "lot-9": (
        ("tonghe", "969000.00", "83.3"),
        ("lingtang", "957000.00", "82.4"),
        ("fengqi", "943000.00", "81.8"),
        ("yinqiao", "938000.00", "82.9"),
    ),
}


def bids() -> tuple[Bid, ...]:
    """Return every bid of the tender, lot by lot."""
    return tuple(
        Bid(lot.id, bidder, Decimal(price), Decimal(expert), sum(map(Decimal, tilt), Decimal(0)))
        for lot in LOTS
        for bidder, price, expert, *tilt in _OFFERS[lot.id]
    )


def score_sheets(bid: Bid, factors: Sequence[Factor] = SCHEME.factors) -> ScoreSheets:
    """Return points by member and factor; members differ around the mean, except on objective factors."""
    means = _means(bid, factors)
    sheets: ScoreSheets = {member: {} for member in MEMBERS}
    for turn, factor in enumerate(factors):
        step = Decimal(0) if factor.objective else (factor.points / 50).quantize(TENTH)
        for seat, member in enumerate(MEMBERS):
            offset = MEMBER_OFFSETS[(seat + turn + len(bid.bidder)) % len(MEMBERS)]
            sheets[member][factor.id] = str(means[factor.id] + offset * step)
    return sheets


def _means(bid: Bid, factors: Sequence[Factor]) -> dict[str, Decimal]:
    """Distribute the expert points over the factors in proportion, to a tenth; the first factor absorbs the rounding."""
    points = sum(factor.points for factor in factors)
    means = {factor.id: (bid.expert * factor.points / points).quantize(TENTH) for factor in factors}
    means[factors[0].id] += bid.expert - sum(means.values())
    if bid.tilt:
        technical = next(factor.id for factor in factors if factor.technical)
        other = next(factor.id for factor in reversed(factors) if not factor.technical)
        means[technical] -= bid.tilt
        means[other] += bid.tilt
    return means


def ranking_input(lot_id: str, qualified: Mapping[str, bool]) -> dict[str, object]:
    """Return the input of `rank` for one lot, once the qualified bidders are known."""
    lot = next(lot for lot in LOTS if lot.id == lot_id)
    return {
        "lot": {"id": lot.id, "ceiling": str(lot.ceiling)},
        "scheme": SCHEME.record(),
        "bids": [
            {
                "id": bid.id,
                "price": str(bid.price),
                "qualified": qualified[bid.bidder],
                "deduction": "0",
                "offered": None,
                "scores": score_sheets(bid),
            }
            for bid in bids()
            if bid.lot == lot_id
        ],
    }


def bids_record() -> dict[str, object]:
    """Return `bids.json`: prices and score sheets of the nine lots, as recorded after the opening."""
    return {
        "lots": [
            {
                "id": lot.id,
                "bids": [
                    {"id": bid.id, "bidder": bid.bidder, "price": str(bid.price), "scores": score_sheets(bid)}
                    for bid in bids()
                    if bid.lot == lot.id
                ],
            }
            for lot in LOTS
        ]
    }
