"""Questions and complaints as rows."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.remedies import ComplaintState, QuestionState
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound


class Question(Identified, Versioned, Base):
    """A supplier's question 质疑 about documents, procedure or result; stored with its answer."""

    __tablename__ = "question"
    TRAIL = Bound()
    __table_args__ = (CheckConstraint(f"state IN {tuple(state.value for state in QuestionState)}", name="state"),)
    ID_PREFIX = "que"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str | None] = mapped_column(ID, ForeignKey("lot.id"))  # None: the whole tender
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    text: Mapped[str] = mapped_column(String(20_000))
    known_on: Mapped[date] = mapped_column(Date)
    received_on: Mapped[date] = mapped_column(Date)
    may_change_result: Mapped[bool] = mapped_column(Boolean, default=True)
    state: Mapped[str] = mapped_column(String(12), default=QuestionState.OPEN.value)
    answer: Mapped[str | None] = mapped_column(String(20_000))
    answered_on: Mapped[date | None] = mapped_column(Date)


class Complaint(Identified, Versioned, Base):
    """A complaint 投诉 to the finance department, as far as it concerns the procedure here."""

    __tablename__ = "complaint"
    TRAIL = Bound()
    __table_args__ = (CheckConstraint(f"state IN {tuple(state.value for state in ComplaintState)}", name="state"),)
    ID_PREFIX = "cpl"

    question_id: Mapped[str] = mapped_column(ID, ForeignKey("question.id"), index=True)
    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    received_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default=ComplaintState.OPEN.value)
    suspension_order: Mapped[str | None] = mapped_column(String(200))  # number of the finance department's order
    suspended_on: Mapped[date | None] = mapped_column(Date)
    lifted_on: Mapped[date | None] = mapped_column(Date)
    decision: Mapped[str | None] = mapped_column(String(2000))
