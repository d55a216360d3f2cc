"""Clarifications on the wire."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from app.core.procedure.clarification import About, Basis
from app.examination.clarifications.tables import Clarification
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Chars, Day, Id, LongText


class ClarificationsIn(Input):
    """One question to one or several bids of a lot; about a requirement, it must go to all bids where that is
    undetermined.
    """

    lot: Annotated[Id, Field(alias="lotId")]
    about: About
    requirement: Annotated[str, Chars(1, 64, r"^[a-z][a-z0-9_]*$")] | None = None
    bids: Annotated[list[Id], Field(min_length=1, max_length=500)]
    question: Annotated[str, Chars(1, 2_000)]
    due_on: Day


class FactIn(Input):
    """A fact of the answer: its statement, its source, and since when a register has held it.

    `part`: the document or the version of roster, registration or particulars, recorded after the deadline, that shows
    the fact; screenings admit that part although it is late.
    """

    text: Annotated[str, Chars(1, 2_000)]
    basis: Basis
    held_since: Day | None = None
    part: Id | None = None


class ClarificationAnswerIn(Input):
    """The bidder's written answer."""

    answer: Annotated[LongText, Field(min_length=1)]
    facts: Annotated[list[FactIn], Field(max_length=100)] = Field(default_factory=list)


class FactOut(Output):
    """A fact of an answer."""

    text: str
    basis: Basis
    held_since: date | None
    part: str | None = None


class ClarificationOut(OfTender):
    """A clarification."""

    id: str
    tender_id: str
    lot_id: str
    bid_id: str
    organization_id: str
    about: About
    requirement: str | None
    question: str
    due_on: date
    answer: str | None
    facts: list[FactOut] | None
    answered_at: datetime | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: Clarification) -> Self:
        """Build from its row."""
        return cls.model_validate(row)


class ClarificationList(Output):
    """The clarifications created by one question, one per bid."""

    items: list[ClarificationOut]
