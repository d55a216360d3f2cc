"""Table of bids 投标: one current bid for each lot and organization."""

from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.qualification import BidState, Ground
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, Money

_STANDS = text("state NOT IN ('superseded', 'withdrawn')")


class Bid(Identified, Versioned, Base):
    """A bid as read out at the opening. Price in yuan, NULL if none was stated; decimals are stored as text."""

    __tablename__ = "bid"
    TRAIL = Bound()
    __table_args__ = (
        Index(
            "uq_bid_standing", "lot_id", "organization_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        CheckConstraint(f"state IN {tuple(state.value for state in BidState)}", name="state"),
        CheckConstraint(f"ground IN {tuple(ground.value for ground in Ground)}", name="ground"),
        CheckConstraint("(state = 'invalid') = (ground IS NOT NULL)", name="invalid_has_ground"),
        CheckConstraint("price >= 0", name="price"),
    )
    ID_PREFIX = "bid"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"), index=True)
    organization_name: Mapped[str] = mapped_column(String(400))  # the organization's name at the opening
    price: Mapped[Decimal | None] = mapped_column(Money)
    deduction: Mapped[str] = mapped_column(String(20))
    offered: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    ground: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(2000))
    warnings: Mapped[Any] = mapped_column(CanonicalJson, default=list)  # where it states other uploads than there are
    recorded_by: Mapped[str] = mapped_column(ID)
