"""Bids over HTTP."""

from typing import Annotated

from fastapi import Query, Response

from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.bids import service
from app.tendering.bids.schemas import BidChange, BidIn, BidOut
from app.tendering.bids.tables import Bid

router = Router(prefix="/tenders/{tender_id}/bids", tags=["bids"])


@router.post("", status_code=201)
def record_bid(tender_id: Id, body: BidIn, work: Work, response: Response) -> BidOut:
    """Record a bid as read out at the opening; one for each lot and organization."""
    bid = service.record(work, tender_id, body)
    response.headers["Location"] = f"/api/v1/tenders/{tender_id}/bids/{bid.id}"
    response.headers["ETag"] = etag(bid.version)
    return BidOut.of(bid)


@router.get("")
def list_bids(
    tender_id: Id, work: Work, paging: Paging, lot: Annotated[Id | None, Query(alias="lotId")] = None
) -> Page[BidOut]:
    """List the bids of a tender; bidders see their own."""
    return paging.page(work.session, service.listing(work, tender_id, lot), key=Bid.id, view=BidOut.of)


@router.get("/{bid_id}")
def read_bid(tender_id: Id, bid_id: Id, work: Work, response: Response) -> BidOut:
    """Return one bid."""
    bid = service.find(work, tender_id, bid_id)
    response.headers["ETag"] = etag(bid.version)
    return BidOut.of(bid)


@router.patch("/{bid_id}")
def change_bid(tender_id: Id, bid_id: Id, body: BidChange, work: Work, if_match: IfMatch, response: Response) -> BidOut:
    """Declare a bid valid or invalid, or correct its price, with the reason."""
    bid = service.find(work, tender_id, bid_id)
    require_match(if_match, bid.version)
    changed = service.change(work, bid, body)
    response.headers["ETag"] = etag(changed.version)
    return BidOut.of(changed)
