"""Qualifications as rows: one in force per bid; cancelled ones are kept."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.facts.outcome import Verdict
from app.core.procedure.qualification import Qualification
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import UtcDateTime

_STANDS = text("state <> 'cancelled'")


class QualificationRow(Identified, Versioned, Base):
    """An officer's decision on one bid, the screening it cites, and the clarification (澄清) asked for, if any."""

    __tablename__ = "qualification"
    TRAIL = Bound()
    __table_args__ = (
        Index("uq_qualification_standing", "bid_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        CheckConstraint(f"state IN {tuple(state.value for state in Qualification)}", name="state"),
        CheckConstraint(f"proposal IN {tuple(verdict.value for verdict in Verdict)}", name="proposal"),
        CheckConstraint(
            "(state IN ('active', 'unsuccessful')) <= (decided_by IS NOT NULL)", name="decided_by_somebody"
        ),
        CheckConstraint("overruled = false OR reason IS NOT NULL", name="overruled_with_reason"),
    )
    ID_PREFIX = "qua"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    bid_id: Mapped[str] = mapped_column(ID, ForeignKey("bid.id"))
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    screening_id: Mapped[str] = mapped_column(ID, ForeignKey("screening.id"))
    proposal: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    overruled: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(String(2000))
    question: Mapped[str | None] = mapped_column(String(2000))
    answer_due_on: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str | None] = mapped_column(String(2000))
    review_id: Mapped[str | None] = mapped_column(ID, index=True)  # the review that led to the decision
    decided_by: Mapped[str | None] = mapped_column(ID)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
