"""The unit of work: rows are looked up within their tender."""

import pytest

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
