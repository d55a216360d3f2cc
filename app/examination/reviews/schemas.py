"""Reviews on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from app.core.procedure.deadlines import PERIODS, Clock
from app.core.procedure.review import ReviewState, overdue
from app.examination.reviews.effects import Effects
from app.examination.reviews.tables import Review
from app.platform.web.schema import Input, OfTender
from app.platform.web.types import Chars, Id, Token

Body = Annotated[str, Chars(1, 20_000)]


class ReviewIn(Input):
    """The screening to review, the reason, and the disputed requirements (default: all)."""

    screening: Id
    text: Body
    requirements: Annotated[list[Token], Field(max_length=50)] = Field(default_factory=list)


class ReviewDecision(Input):
    """An officer's decision: upheld or changed, the reason, and why no other officer could review."""

    outcome: Literal["upheld", "changed"]
    reason: Body
    same_officer_reason: Annotated[str, Chars(1, 2_000)] | None = None


class ReviewOut(OfTender):
    """A review with its period; `screenings` and `qualifications` cite it as their reason."""

    id: str
    tender_id: str
    organization_id: str
    screening: str
    text: str
    requirements: list[str]
    state: ReviewState
    asked_on: date
    due_on: date
    overdue: bool
    article: str
    officer: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    same_officer_reason: str | None
    screenings: list[str]
    qualifications: list[str]
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: Review, effects: Effects, due_on: date, today: date) -> Self:
        """Build from its row, what cites it, the last day of its period, and the current day in China."""
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            organization_id=row.organization_id,
            screening=row.screening_id,
            text=row.text,
            requirements=row.requirements,
            state=ReviewState(row.state),
            asked_on=row.asked_on,
            due_on=due_on,
            overdue=overdue(ReviewState(row.state), due_on, today),
            article=PERIODS[Clock.REVIEW].article,
            officer=row.officer,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            reason=row.reason,
            same_officer_reason=row.same_officer_reason,
            screenings=list(effects.screenings),
            qualifications=list(effects.qualifications),
            version=row.version,
            created_at=row.created_at,
        )
