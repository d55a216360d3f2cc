"""Sessions: no database access before the first statement, and no expiry after a commit."""

from datetime import UTC, datetime

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.platform.database.base import Identified
from app.platform.database.sealed import Owned, forget_keys, seal

NOW = "bidscreen_now"


def make_session(engine: Engine, now: datetime) -> Session:
    """Return a session that sets `now` (aware) as the creation time of new rows."""
    return Session(engine, expire_on_commit=False, info={NOW: now})


@event.listens_for(Session, "before_flush")
def _prepare(session: Session, _context: object, _instances: object) -> None:
    for row in session.new:
        if isinstance(row, Identified) and "created_at" not in vars(row):
            row.created_at = session.info.get(NOW) or datetime.now(UTC)
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Owned):
            seal(session, row)


@event.listens_for(Session, "after_soft_rollback")
def _roll_back(session: Session, _previous: object) -> None:
    forget_keys(session)
