"""Qualifications on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from app.core.facts.outcome import Verdict
from app.core.procedure.qualification import Qualification
from app.examination.qualifications.tables import QualificationRow
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Chars, Day, Id

Reason = Annotated[str, Chars(1, 2_000)]


class ClarificationIn(Input):
    """The point the bidder must clarify (财政部令第87号 第五十一条), and the date by which the answer is due."""

    question: Reason
    due_on: Day


class QualificationIn(Input):
    """An officer's decision on one bid, citing a screening; `pending` while a clarification is awaited."""

    bid: Id
    screening: Id
    state: Literal["pending", "active", "unsuccessful"]
    reason: Reason | None = None
    clarification: ClarificationIn | None = None
    review: Annotated[Id | None, Field(description="The bidder's open review that led to this decision")] = None


class QualificationChange(Input):
    """Decide a pending one, with the bidder's answer and a newer screening if there is one; or cancel."""

    state: Literal["active", "unsuccessful", "cancelled"]
    screening: Id | None = None
    reason: Reason | None = None
    answer: Annotated[Reason | None, Field(description="The bidder's answer to the clarification")] = None
    review: Annotated[Id | None, Field(description="The bidder's open review that led to this change")] = None


class ClarificationCited(Output):
    """A clarification milestone."""

    question: str
    due_on: date
    answer: str | None


class QualificationOut(OfTender):
    """A qualification; `overruled`: the officer decided against what the screening proposes."""

    id: str
    tender_id: str
    lot_id: str
    bid: str
    organization_id: str
    screening: str
    proposal: Verdict
    state: Qualification
    overruled: bool
    reason: str | None
    clarification: ClarificationCited | None
    review: str | None
    decided_by: str | None
    decided_at: datetime | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: QualificationRow) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            lot_id=row.lot_id,
            bid=row.bid_id,
            organization_id=row.organization_id,
            screening=row.screening_id,
            proposal=Verdict(row.proposal),
            state=Qualification(row.state),
            overruled=row.overruled,
            reason=row.reason,
            clarification=_clarification(row),
            review=row.review_id,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            version=row.version,
            created_at=row.created_at,
        )


def _clarification(row: QualificationRow) -> ClarificationCited | None:
    if row.question is None or row.answer_due_on is None:
        return None
    return ClarificationCited(question=row.question, due_on=row.answer_due_on, answer=row.answer)
