"""The quiet time: from the publication of a tender with sealed bids to its opening nobody learns which bidder is active.

What a bidder does outside tenders (documents, roster, login, keys) is recorded meanwhile in the chain of that opening,
which is confidential as the chain of the envelopes is, and its rows carry the chain's name (`trail_chain`).
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, String, and_, not_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.procedure.tender_state import TenderState
from app.platform.database.base import ID, metadata
from app.platform.database.identifiers import PRACTICE_TENDER

_UNOPENED = (TenderState.DRAFT.value, TenderState.TENDERING.value)


class OwnChain:
    """Rows that bidders write outside tenders: `trail_chain` is the opening's chain that binds them; null: the instance's."""

    trail_chain: Mapped[str | None] = mapped_column(ID, index=True)


def quiet_chain(session: Session) -> str | None:
    """Return the opening whose chain takes what bidders do now: of the tender that is opened last; None if none is open."""
    opening, tender = metadata.tables["opening"], metadata.tables["tender"]
    query = select(opening.c.id).join(tender, tender.c.id == opening.c.tender_id)
    query = query.where(tender.c.state == TenderState.TENDERING.value, not_(_practice(tender.c.id)))
    found: str | None = session.scalar(query.order_by(tender.c.bid_deadline.desc(), opening.c.id).limit(1))
    return found


def unopened() -> Select[Any]:
    """Select the ids of openings that have not taken place, of drafts too."""
    opening, tender = metadata.tables["opening"], metadata.tables["tender"]
    return select(opening.c.id).join(tender, tender.c.id == opening.c.tender_id).where(tender.c.state.in_(_UNOPENED))


def confidential(chain: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: the row was written by a bidder in a quiet time that has not ended."""
    return and_(chain.is_not(None), chain.in_(unopened()))


def _practice(tender: ColumnElement[String]) -> ColumnElement[bool]:
    return tender.like(f"{PRACTICE_TENDER}\\_%", escape="\\")
