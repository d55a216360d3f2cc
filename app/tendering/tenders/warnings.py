"""What an officer should know about the terms of a tender; none of it hinders a publication, a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.core.evaluation.scoring import Factor, Formula, Scheme
from app.core.procedure.deadlines import bidding_period_too_short
from app.tendering.tenders.tables import Tender


@dataclass(frozen=True, slots=True)
class Warned:
    """A stable code and the article it rests on."""

    code: str
    article: str


def warnings(tender: Tender) -> Iterator[Warned]:
    """The warnings that apply to the tender as it stands."""
    if (
        tender.bid_deadline
        and tender.published_at
        and bidding_period_too_short(tender.published_at, tender.bid_deadline)
    ):
        yield Warned("bidding_period_short", "政府采购法 第三十五条")
    if _scheme(tender).price_weight_too_low:
        yield Warned("price_weight_below_floor", "财政部令第87号 第五十五条")


def _scheme(tender: Tender) -> Scheme:
    price, factors = tender.scheme["price"], tender.scheme["factors"]
    return Scheme(
        price_points=Decimal(str(price["points"])),
        formula=Formula(price["formula"]),
        factors=tuple(
            Factor(one["id"], Decimal(str(one["points"])), one["objective"], one["technical"]) for one in factors
        ),
        places=tender.scheme["rounding"]["places"],
        min_bidders=tender.scheme["minBidders"],
        tie_break=frozenset(),
        draw_seed=None,
    )
