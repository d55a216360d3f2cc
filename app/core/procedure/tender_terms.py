"""Warnings about a tender's terms before publication; a warning blocks nothing, an officer decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.core.evaluation.scoring import Scheme
from app.core.procedure.deadlines import bidding_period_too_short

FULL_POINTS = 100
LEAST_BIDDERS = 3


class TermsWarning(StrEnum):
    """A term that bidders or the finance department may object to."""

    DEADLINE_MISSING = "deadline_missing"
    OPENING_KEY_MISSING = "opening_key_missing"
    CUSTODIANS_UNPROVEN = "custodians_unproven"
    BIDDING_PERIOD_SHORT = "bidding_period_short"
    PRICE_WEIGHT_BELOW_FLOOR = "price_weight_below_floor"
    POINTS_NOT_HUNDRED = "points_not_hundred"
    MIN_BIDDERS_BELOW_THREE = "min_bidders_below_three"
    LOT_CEILING_ABOVE_TENDER = "lot_ceiling_above_tender"
    LOT_CEILING_ABOVE_VALUE = "lot_ceiling_above_value"

    @property
    def article(self) -> str:
        """Return the article it rests on."""
        return _ARTICLES[self]


_ARTICLES = {
    TermsWarning.DEADLINE_MISSING: "财政部令第87号 第二十条",
    TermsWarning.OPENING_KEY_MISSING: "财政部令第87号 第三十三条",
    TermsWarning.CUSTODIANS_UNPROVEN: "财政部令第87号 第三十三条",
    TermsWarning.BIDDING_PERIOD_SHORT: "政府采购法 第三十五条",
    TermsWarning.PRICE_WEIGHT_BELOW_FLOOR: "财政部令第87号 第五十五条",
    TermsWarning.POINTS_NOT_HUNDRED: "财政部令第87号 第五十五条",
    TermsWarning.MIN_BIDDERS_BELOW_THREE: "政府采购法 第三十六条",
    TermsWarning.LOT_CEILING_ABOVE_TENDER: "财政部令第87号 第十二条",
    TermsWarning.LOT_CEILING_ABOVE_VALUE: "财政部令第87号 第十二条",
}


@dataclass(frozen=True, slots=True)
class LotTerms:
    """Budget (`value`) and price ceiling of a lot in yuan."""

    value: Decimal
    ceiling: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """The current terms. `published_at`: the publication, or the present moment while the tender is a draft."""

    published_at: datetime
    deadline: datetime | None
    scheme: Scheme
    ceiling: Decimal
    lots: tuple[LotTerms, ...]
    sealed: bool  # whether there is a key to seal bids with; without one bids arrive on paper only
    unproven: bool = False  # whether a custodian has not shown yet that its key opens what is sealed to it


def warnings(terms: Terms) -> Iterator[TermsWarning]:
    """Return the warnings that apply: the same for a draft as for its publication at this moment."""
    if terms.deadline is None:
        yield TermsWarning.DEADLINE_MISSING
    elif bidding_period_too_short(terms.published_at, terms.deadline):
        yield TermsWarning.BIDDING_PERIOD_SHORT
    if not terms.sealed:
        yield TermsWarning.OPENING_KEY_MISSING
    if terms.unproven:
        yield TermsWarning.CUSTODIANS_UNPROVEN
    if terms.scheme.price_weight_too_low:
        yield TermsWarning.PRICE_WEIGHT_BELOW_FLOOR
    if terms.scheme.all_points != FULL_POINTS:
        yield TermsWarning.POINTS_NOT_HUNDRED
    if terms.scheme.min_bidders < LEAST_BIDDERS:
        yield TermsWarning.MIN_BIDDERS_BELOW_THREE
    if any(lot.ceiling > terms.ceiling for lot in terms.lots):
        yield TermsWarning.LOT_CEILING_ABOVE_TENDER
    if any(lot.ceiling > lot.value for lot in terms.lots):
        yield TermsWarning.LOT_CEILING_ABOVE_VALUE
