"""The latest time that the instance has seen, so that a clock set back over a restart reopens no deadline."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.platform.audit.tables import AuditEvent, AuditHead, ClockSeen

ONLY = 1


def last_seen(session: Session) -> datetime | None:
    """Return the latest of the stored mark and the newest events of all chains; None for a new instance."""
    newest = select(func.max(AuditEvent.occurred_at)).join(
        AuditHead, and_(AuditHead.chain == AuditEvent.chain, AuditHead.sequence == AuditEvent.sequence)
    )
    marked = session.scalar(select(ClockSeen.at).where(ClockSeen.id == ONLY))
    return max((one for one in (marked, session.scalar(newest)) if one is not None), default=None)


def mark(session: Session, now: datetime) -> None:
    """Store that `now` was seen; an earlier time changes nothing."""
    row = session.get(ClockSeen, ONLY)
    if row is None:
        session.add(ClockSeen(id=ONLY, at=now))
    elif now > row.at:
        row.at = now
