"""State of checkpoints and their sinks."""

from sqlalchemy import func, select

from app.administration.trail.schemas import SinkOut
from app.platform.audit.tables import AuditCheckpoint, AuditDelivery
from app.platform.unit_of_work import UnitOfWork


def sink_states(work: UnitOfWork) -> list[SinkOut]:
    """Return each configured sink: how many checkpoints are waiting, and since when delivery fails."""
    newest = work.session.scalar(select(func.max(AuditCheckpoint.number))) or 0
    rows = {row.sink: row for row in work.session.scalars(select(AuditDelivery))}
    return [_state(sink.name, rows.get(sink.name), newest) for sink in work.platform.sinks]


def _state(name: str, row: AuditDelivery | None, newest: int) -> SinkOut:
    delivered = row.number if row else 0
    failing, failure = (row.failing_since, row.failure) if row else (None, None)
    waiting = max(0, newest - delivered)
    return SinkOut(sink=name, delivered=delivered, waiting=waiting, failing_since=failing, failure=failure)
