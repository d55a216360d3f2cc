"""Which events may be shown: who bids, and how many, nobody learns before the list of envelopes is published."""

from sqlalchemy import ColumnElement, or_, select

from app.audit.events import Event
from app.audit.tables import AuditEvent

SEALED_CHAINS = "opn\\_%"  # an opening's own chain (app/envelopes)


def shown() -> ColumnElement[bool]:
    """Everything but the chains of openings that are not closed yet."""
    closed = select(AuditEvent.chain).where(AuditEvent.event == Event.OFFICER_OPENING_CLOSE.value)
    return or_(AuditEvent.chain.not_like(SEALED_CHAINS, escape="\\"), AuditEvent.chain.in_(closed))
