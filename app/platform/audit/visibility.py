"""Which events may be shown: who bids, and how many, nobody learns before the list of envelopes is published."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.platform.audit.events import Event
from app.platform.audit.tables import AuditEvent

SEALED_CHAINS = "opn\\_%"  # an opening's own chain (app/envelopes)
_CLOSED = select(AuditEvent.chain).where(AuditEvent.event == Event.OFFICER_OPENING_CLOSE.value)


def shown(chain: InstrumentedAttribute[str] = AuditEvent.chain) -> ColumnElement[bool]:
    """Everything but the chains of openings that are not closed yet."""
    return or_(chain.not_like(SEALED_CHAINS, escape="\\"), chain.in_(_CLOSED))


def sealed_chains(session: Session) -> list[str]:
    """The chains of all openings that are not closed yet, whether anything is in them or not."""
    openings = select(AuditEvent.subject_id).where(AuditEvent.event == Event.OFFICER_OPENING_KEY.value)
    return sorted(set(session.scalars(openings.where(AuditEvent.subject_id.not_in(_CLOSED)))))
