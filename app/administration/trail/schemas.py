"""Wire formats of the audit trail."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import WithJsonSchema

from app.administration.trail.alarms import AlarmCode
from app.platform.audit.tables import AuditCheckpoint, AuditEvent
from app.platform.audit.verify import Report
from app.platform.web.schema import Output

Values = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [{"type": "object", "additionalProperties": True}, {"type": "null"}],
            "description": "The values that the event names; which ones depends on the event",
        }
    ),
]


class AuditEventOut(Output):
    """One event with its place in its chain."""

    id: str
    chain: str
    sequence: int
    occurred_at: datetime
    event: str
    actor_id: str
    actor_role: str
    request_id: str
    subject_id: str
    before: Values
    after: Values
    rows: list[list[str | None]]
    previous_hash: str
    hash: str

    @classmethod
    def of(cls, row: AuditEvent) -> Self:
        """Build from its row."""
        return cls.model_validate(row)


class BreakOut(Output):
    """A break in a chain."""

    chain: str
    sequence: int
    code: str
    detail: str


class AuditReport(Output):
    """The result of a verification; events and rows of openings that are still sealed are not counted."""

    intact: bool
    chains: int
    events: int
    rows: int
    breaks: list[BreakOut]

    @classmethod
    def of(cls, report: Report) -> Self:
        """Up to 100 breaks; the first break of a chain is the relevant one."""
        breaks = [BreakOut.model_validate(one) for one in report.breaks[:100]]
        return cls(
            intact=not report.breaks, chains=report.chains, events=report.events, rows=report.rows, breaks=breaks
        )


class CheckpointOut(Output):
    """A signed checkpoint; `line` is the exact text delivered to the sinks."""

    number: int
    made_at: datetime
    line: str

    @classmethod
    def of(cls, row: AuditCheckpoint) -> Self:
        """Build from its row."""
        return cls.model_validate(row)


class SinkOut(Output):
    """A sink: its newest checkpoint, how many are waiting, and since when delivery fails."""

    sink: str
    delivered: int
    waiting: int
    failing_since: datetime | None
    failure: str | None


class AlarmOut(Output):
    """Something that endangers the proof of the trail."""

    code: AlarmCode
    detail: str


class SinksOut(Output):
    """All configured sinks, and the alarms of the trail."""

    items: list[SinkOut]
    alarms: list[AlarmOut]
