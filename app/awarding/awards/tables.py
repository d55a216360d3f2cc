"""Tables of award scenarios and awards 中标: scenarios never change; a lot has one current award."""

from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.awarding.computed import Computed
from app.core.awards.assignment import AwardState, Rule
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, Money

_STANDS = text("state <> 'cancelled'")


class AwardScenario(Computed, Base):
    """A hypothetical award with its input; `rankings` is lot → ranking if it is based on stored rankings."""

    __tablename__ = "award_scenario"
    TRAIL = Bound()
    __table_args__ = (CheckConstraint(f"rule IN {tuple(rule.value for rule in Rule)}", name="rule"),)
    ID_PREFIX = "aws"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    rule: Mapped[str] = mapped_column(String(12))
    published: Mapped[bool] = mapped_column(Boolean)
    rankings: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)


class Award(Identified, Versioned, Base):
    """The decision on one lot: its winner and price in yuan, or `unsuccessful` with the reason (废标)."""

    __tablename__ = "award"
    TRAIL = Bound()
    __table_args__ = (
        Index("uq_award_standing", "lot_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        CheckConstraint(f"state IN {tuple(state.value for state in AwardState)}", name="state"),
        CheckConstraint("state = 'unsuccessful' OR state = 'cancelled' OR bid_id IS NOT NULL", name="active_has_bid"),
    )
    ID_PREFIX = "awd"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    scenario_id: Mapped[str] = mapped_column(ID, ForeignKey("award_scenario.id"))
    ranking_id: Mapped[str] = mapped_column(ID, ForeignKey("ranking.id"))
    bid_id: Mapped[str | None] = mapped_column(ID, ForeignKey("bid.id"))
    organization_id: Mapped[str | None] = mapped_column(ID, ForeignKey("organization.id"))
    price: Mapped[Decimal | None] = mapped_column(Money)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(2000))
    winner_falls: Mapped[bool] = mapped_column(Boolean, default=False)  # cancelled because of the winner
    decided_by: Mapped[str] = mapped_column(ID)
