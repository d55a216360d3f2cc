"""Visibility of events: who bids, and how many, stays hidden until the list of envelopes is published."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.platform.audit.events import Event
from app.platform.audit.tables import AuditEvent

SEALED_CHAINS = "opn\\_%"  # an opening's own chain (app/envelopes)
_CLOSED = select(AuditEvent.chain).where(AuditEvent.event == Event.OFFICER_OPENING_CLOSE.value)


def shown(chain: InstrumentedAttribute[str] = AuditEvent.chain) -> ColumnElement[bool]:
    """Condition that excludes the chains of openings that are still sealed."""
    return or_(chain.not_like(SEALED_CHAINS, escape="\\"), chain.in_(_CLOSED))


def sealed_chains(session: Session) -> list[str]:
    """Return the chains of all openings that are still sealed, empty or not."""
    openings = select(AuditEvent.subject_id).where(AuditEvent.event == Event.OFFICER_OPENING_KEY.value)
    return sorted(set(session.scalars(openings.where(AuditEvent.subject_id.not_in(_CLOSED)))))
