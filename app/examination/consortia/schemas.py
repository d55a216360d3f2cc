"""Consortia on the wire."""

from collections.abc import Set
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from app.core.facts.measured import Measured
from app.core.facts.outcome import Outcome
from app.examination.consortia.tables import Consortium
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Chars, Id


class ConsortiumIn(Input):
    """The other members of a bid for a lot, and their agreement (联合体协议)."""

    lot: Annotated[Id, Field(alias="lotId")]
    members: Annotated[list[Id], Field(min_length=1, max_length=20)]
    agreement: Annotated[str, Chars(1, 400)]


class ConsortiumState(StrEnum):
    """A pending consortium binds nobody and counts for nothing."""

    PENDING = "pending"
    AGREED = "agreed"


class ConsortiumOut(OfTender):
    """A consortium, the lead first; `agreed` once every member named has consented in its own login."""

    id: str
    tender_id: str
    lot_id: str
    members: list[str]
    agreement: str
    state: ConsortiumState
    consented: list[str]
    created_at: datetime

    @classmethod
    def of(cls, row: Consortium, consented: Set[str]) -> Self:
        """Build from its row, and the members that consented."""
        values = {"id": row.id, "tenderId": row.tender_id, "lotId": row.lot_id, "agreement": row.agreement}
        agreed = consented >= set(row.members)
        return cls(
            **values,
            members=row.members,
            state=ConsortiumState.AGREED if agreed else ConsortiumState.PENDING,
            consented=[one for one in row.members if one in consented],
            created_at=row.created_at,
        )


class CombinedOut(Output):
    """A requirement for the consortium as a whole; `members` are those that decide it where it is not met."""

    id: str
    outcome: Outcome
    article: str
    members: list[str]


class CombinedList(Output):
    """Every requirement that some member was screened for."""

    requirements: list[CombinedOut]

    @classmethod
    def of(cls, found: tuple[Measured, ...]) -> Self:
        """Build from the core's values."""
        listed = [
            CombinedOut(id=one.id, outcome=one.outcome, article=one.article, members=list(one.where)) for one in found
        ]
        return cls(requirements=listed)
