"""State of checkpoints and their sinks."""

from sqlalchemy import func, select

from app.administration.trail.schemas import SinkOut
from app.platform.audit.rows import INSTANCE
from app.platform.audit.tables import AuditCheckpoint, AuditDelivery
from app.platform.problems import Forbidden
from app.platform.unit_of_work import UnitOfWork


class TrailOfTenders(Forbidden):
    """The trail of a tender states prices and decisions; admins manage accounts and see neither."""

    code, title = "trail_of_tenders", "Admins read the trail of accounts and settings only"


def require_instance(chain: str | None) -> None:
    """Raise TrailOfTenders if a chain other than the instance's is requested."""
    if chain not in (None, INSTANCE):
        raise TrailOfTenders


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
