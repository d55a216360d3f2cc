"""Visibility of events: who bids, and how many, stays hidden until the opening."""

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.platform.audit.quiet import unopened
from app.platform.audit.tables import AuditEvent

SEALED_CHAINS = "opn\\_%"  # an opening's own chain (app/envelopes)


def shown(chain: InstrumentedAttribute[str] = AuditEvent.chain) -> ColumnElement[bool]:
    """Condition that excludes the chains of openings that have not taken place."""
    return or_(chain.not_like(SEALED_CHAINS, escape="\\"), chain.not_in(unopened()))


def sealed_chains(session: Session) -> list[str]:
    """Return the chains of all openings that are still sealed, empty or not."""
    return sorted(session.scalars(unopened()))
