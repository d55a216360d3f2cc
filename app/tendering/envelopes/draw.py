"""What evaluation needs from an opening: the draw seed, and whether every corrected price is confirmed."""

from sqlalchemy import select

from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork
from app.tendering.envelopes.tables import Envelope, Opening


class PricesUnconfirmed(Conflict):
    """A corrected price is binding only after its bidder has confirmed it in writing."""

    code, title = "prices_unconfirmed", "A bidder has not confirmed the corrected price of its bid for this lot"
    article = "财政部令第87号 第五十九条"


def draw_seed_of(work: UnitOfWork, tender_id: str) -> str | None:
    """Return the seed published at the opening; None if bids were not sealed, so that officers must settle ties."""
    return work.session.scalar(select(Opening.draw_seed).where(Opening.tender_id == tender_id))


def require_confirmed(work: UnitOfWork, lot_id: str) -> None:
    """Raise PricesUnconfirmed while a bidder has not answered about the corrected price of its bid for the lot."""
    query = select(Envelope).where(Envelope.lot_id == lot_id, Envelope.bid_id.is_not(None))
    waiting = query.where(Envelope.price_confirmed.is_(None), Envelope.price_read.is_not(None))
    if any(row.price_read and row.price_read["corrections"] for row in work.session.scalars(waiting)):
        raise PricesUnconfirmed
