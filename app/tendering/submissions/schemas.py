"""Submission traces on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from app.platform.web.schema import Input, Output
from app.platform.web.types import Chars, Id, Instant, Name
from app.tendering.submissions.tables import SubmissionTrace, TraceSource

Reason = Annotated[str, Chars(1, 2_000)]
Number = Annotated[str, Chars(1, 64, personal=True)]  # stored sealed, never shown


class AgentIn(Input):
    """The agent 授权代表 who submitted the bid."""

    name: Name | None = None
    resident_id: Number | None = None


class SubmissionTraceIn(Input):
    """How a bid was submitted: network address, client, time, the bond's source account and its holder."""

    organization: Annotated[Id, Field(alias="organizationId")]
    lot: Annotated[Id | None, Field(alias="lotId")] = None
    network_address: Number | None = None
    client: Annotated[str, Chars(1, 400)] | None = None
    submitted_at: Instant | None = None
    bond_account: Number | None = None
    bond_payer: Name | None = None
    agent: AgentIn | None = None
    reason: Annotated[Reason | None, Field(description="Required from an officer: where the trace comes from")] = None


class ConfirmationOfTraceIn(Input):
    """Why an officer takes over a trace that a program recorded."""

    reason: Reason


class SubmissionTraceOut(Output):
    """A trace: which parts were given. Their values are used for comparison only and never returned.

    `counts`: false for a program's trace that no officer has confirmed; no lead rests on it.
    """

    id: str
    tender_id: str
    organization_id: str
    lot_id: str | None
    given: list[str]
    source: TraceSource
    counts: bool
    reason: str | None
    confirmed_by: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: SubmissionTrace) -> Self:
        """Build from its row."""
        given = sorted(key for key, value in row.trace.items() if value)
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            organization_id=row.organization_id,
            lot_id=row.lot_id,
            given=given,
            source=TraceSource(row.source),
            counts=row.source != TraceSource.PROGRAM or row.confirmed_by is not None,
            reason=row.reason,
            confirmed_by=row.confirmed_by,
            created_at=row.created_at,
        )
