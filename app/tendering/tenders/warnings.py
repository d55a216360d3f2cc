"""Convert the terms of a tender for the core's warnings."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from app.core.evaluation.scoring import Factor, Formula, Scheme
from app.core.procedure.tender_terms import LotTerms, Terms
from app.tendering.tenders.tables import Lot, Tender


def terms(tender: Tender, lots: Iterable[Lot], now: datetime, *, unproven: bool) -> Terms:
    """Build the terms from the rows; a draft is checked as if it were published now."""
    return Terms(
        published_at=tender.published_at or now,
        deadline=tender.bid_deadline,
        scheme=_scheme(tender),
        ceiling=tender.ceiling,
        lots=tuple(LotTerms(lot.value, lot.ceiling) for lot in lots),
        sealed=tender.opening_key is not None,
        unproven=unproven,
    )


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
