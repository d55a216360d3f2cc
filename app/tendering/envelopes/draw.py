"""What evaluation asks of an opening: the seed of the draw, and whether every corrected price is confirmed."""

from sqlalchemy import select

from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork
from app.tendering.envelopes.tables import Envelope, Opening


class PricesUnconfirmed(Conflict):
    """A corrected price binds once its bidder has confirmed it in writing."""

    code, title = "prices_unconfirmed", "A corrected price of this lot waits for its bidder's confirmation"
    article = "财政部令第87号 第五十九条"


def draw_seed_of(work: UnitOfWork, tender_id: str) -> str | None:
    """The seed that the opening published; None where bids were not sealed: a tie is then settled by people."""
    return work.session.scalar(select(Opening.draw_seed).where(Opening.tender_id == tender_id))


def require_confirmed(work: UnitOfWork, lot_id: str) -> None:
    """PricesUnconfirmed while a corrected price of the lot waits for its bidder's answer."""
    query = select(Envelope).where(Envelope.lot_id == lot_id, Envelope.bid_id.is_not(None))
    waiting = query.where(Envelope.price_confirmed.is_(None), Envelope.price_read.is_not(None))
    if any(row.price_read and row.price_read["corrections"] for row in work.session.scalars(waiting)):
        raise PricesUnconfirmed
