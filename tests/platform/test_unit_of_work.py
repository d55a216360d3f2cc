"""The unit of work: rows are looked up within their tender."""

import threading
import time

import pytest
from sqlalchemy import text

from app.platform.access.roles import Principal, Role
from app.platform.database.identifiers import new_id
from app.platform.problems import NotFound
from app.platform.unit_of_work import Platform, UnitOfWork
from app.tendering.bids.tables import Bid


def test_a_row_of_another_tender_is_not_found(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    bid = Bid(id="bid_1", tender_id="tnd_1")
    monkeypatch.setattr(UnitOfWork, "get", lambda _self, _kind, _id: bid)
    with platform.reading() as work:
        assert work.get_within(Bid, "bid_1", tender_id="tnd_1") is bid
        with pytest.raises(NotFound):
            work.get_within(Bid, "bid_1", tender_id="tnd_2")


def test_a_unit_that_waits_for_the_write_lock_stops_no_other(platform: Platform) -> None:
    """Each asks for the chain of its bidder; the one that writes must get it while the other waits."""
    bidder = Principal(new_id("key"), Role.BIDDER, new_id("org"))

    def wait() -> None:
        with platform.work(bidder) as work:
            assert work.own_chain is None

    waiting = threading.Thread(target=wait)
    with platform.work(bidder) as work:
        work.session.execute(text("SELECT 1"))  # takes the write lock of SQLite
        waiting.start()
        time.sleep(0.3)
        began = time.monotonic()
        assert work.own_chain is None
        assert time.monotonic() - began < 5
    waiting.join(20)
    assert not waiting.is_alive()
