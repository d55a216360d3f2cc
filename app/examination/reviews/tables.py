"""Reviews as rows."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.review import OPEN, ReviewState
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, UtcDateTime

_OPEN = text(f"state IN {tuple(sorted(state.value for state in OPEN))}")


class Review(Identified, Versioned, Base):
    """A bidder's request for human review of its screening, and the outcome."""

    __tablename__ = "review"
    TRAIL = Bound()
    __table_args__ = (
        Index("uq_review_open", "screening_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(f"state IN {tuple(state.value for state in ReviewState)}", name="state"),
        CheckConstraint(
            "(state IN ('upheld', 'changed')) <= (decided_by IS NOT NULL AND reason IS NOT NULL)", name="decided"
        ),
    )
    ID_PREFIX = "rev"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    screening_id: Mapped[str] = mapped_column(ID, ForeignKey("screening.id"))
    text: Mapped[str] = mapped_column(String(20_000))
    requirements: Mapped[list[str]] = mapped_column(CanonicalJson)  # ids; empty: the whole screening
    state: Mapped[str] = mapped_column(String(12), default=ReviewState.ASKED.value)
    asked_on: Mapped[date] = mapped_column(Date)
    officer: Mapped[str | None] = mapped_column(ID)  # the assigned officer
    decided_by: Mapped[str | None] = mapped_column(ID)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(20_000))
    same_officer_reason: Mapped[str | None] = mapped_column(String(2_000))
