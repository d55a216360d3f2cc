"""Questions and complaints on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from app.core.procedure.remedies import ComplaintState, QuestionState
from app.platform.web.schema import Input, OfTender
from app.platform.web.types import Chars, Day, Id
from app.tendering.remedies.tables import Complaint, Question

Body = Annotated[str, Chars(1, 20_000)]
Number = Annotated[str, Chars(1, 200)]


class QuestionIn(Input):
    """A question: its subject, and the day on which the supplier learned of the harm."""

    lot: Annotated[Id | None, Field(alias="lotId")] = None
    text: Body
    known_on: Day


class QuestionAnswerIn(Input):
    """The written answer; `upheld` if the supplier is right."""

    upheld: bool
    answer: Body


class AssessmentIn(Input):
    """Whether the question may change the result; if so, the signing is suspended (实施条例 第五十四条)."""

    may_change_result: bool


class ComplaintIn(Input):
    """A complaint that the finance department has received."""

    received_on: Day


class ComplaintChange(Input):
    """An order or decision of the finance department: a numbered order suspends, a decision closes the complaint."""

    suspension_order: Number | None = None
    suspended_on: Day | None = None
    lifted_on: Day | None = None
    state: Literal["upheld", "rejected", "withdrawn"] | None = None
    decision: Annotated[str, Chars(1, 2_000)] | None = None


class QuestionOut(OfTender):
    """A question with its clock; `holdsSigning` while it is open and may change the result."""

    id: str
    tender_id: str
    lot_id: str | None
    organization_id: str
    text: str
    known_on: date
    received_on: date
    may_change_result: bool
    state: QuestionState
    answer: str | None
    answer_due_on: date
    answered_on: date | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: Question, answer_due_on: date) -> Self:
        """Build it from its row and the last day of its current period."""
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            lot_id=row.lot_id,
            organization_id=row.organization_id,
            text=row.text,
            known_on=row.known_on,
            received_on=row.received_on,
            may_change_result=row.may_change_result,
            state=QuestionState(row.state),
            answer=row.answer,
            answer_due_on=answer_due_on,
            answered_on=row.answered_on,
            version=row.version,
            created_at=row.created_at,
        )


class ComplaintOut(OfTender):
    """A complaint."""

    id: str
    question: str
    tender_id: str
    received_on: date
    state: ComplaintState
    suspension_order: str | None
    suspended_on: date | None
    lifted_on: date | None
    decision: str | None
    version: int

    @classmethod
    def of(cls, row: Complaint) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            question=row.question_id,
            tender_id=row.tender_id,
            received_on=row.received_on,
            state=ComplaintState(row.state),
            suspension_order=row.suspension_order,
            suspended_on=row.suspended_on,
            lifted_on=row.lifted_on,
            decision=row.decision,
            version=row.version,
        )
