"""Committees on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from app.awarding.committee.tables import Committee
from app.core.evaluation.committee import Seat, Tie
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Chars, Id, Token

Person = Annotated[str, Chars(1, 80, personal=True)]  # stored encrypted, never shown


class TieIn(Input):
    """A relation to a supplier, as declared by the member or found by the agency (实施条例 第九条)."""

    organization: Annotated[Id, Field(alias="organizationId")]
    tie: Tie


class MemberIn(Input):
    """A member: `id` is the name its score sheets carry, `person` identifies a person who holds two seats."""

    id: Token
    person: Person
    seat: Seat
    ties: Annotated[list[TieIn], Field(max_length=200)] = Field(default_factory=list)


class CommitteeIn(Input):
    """The committee, and the participants of the opening (who may not be members)."""

    members: Annotated[list[MemberIn], Field(min_length=1, max_length=99)]
    attended_opening: Annotated[list[Person], Field(max_length=200)] = Field(default_factory=list)


class MemberOut(Output):
    """A member without the person's identity."""

    id: str
    seat: Seat


class CommitteeOut(OfTender):
    """The current committee."""

    id: str
    tender_id: str
    number: int
    members: list[MemberOut]
    created_at: datetime

    @classmethod
    def of(cls, row: Committee) -> Self:
        """Build from its row."""
        members = [MemberOut(id=one["id"], seat=one["seat"]) for one in row.members]
        return cls(id=row.id, tender_id=row.tender_id, number=row.number, members=members, created_at=row.created_at)
