"""Reviews over HTTP."""

from typing import Annotated

from fastapi import Query, Response

from app.examination.reviews import service
from app.examination.reviews.schemas import ReviewDecision, ReviewIn, ReviewOut
from app.examination.reviews.tables import Review
from app.platform.unit_of_work import UnitOfWork, Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}/reviews", tags=["reviews"])


@router.post("", status_code=201)
def ask_review(tender_id: Id, body: ReviewIn, work: Work, response: Response) -> ReviewOut:
    """Request human review (人工复核) of one's own screening."""
    return _shown(work, service.ask(work, tender_id, body), response)


@router.get("")
def list_reviews(
    tender_id: Id, work: Work, paging: Paging, overdue: Annotated[bool | None, Query()] = None
) -> Page[ReviewOut]:
    """List the reviews of a tender; bidders see their own."""
    query = service.listing(work, tender_id, overdue)
    return paging.page(work.session, query, key=Review.id, view=lambda row: service.shown(work, row))


@router.get("/{review_id}")
def read_review(tender_id: Id, review_id: Id, work: Work, response: Response) -> ReviewOut:
    """Return one review."""
    return _shown(work, service.find(work, tender_id, review_id), response)


@router.post("/{review_id}/take-up")
def take_up_review(tender_id: Id, review_id: Id, work: Work, if_match: IfMatch, response: Response) -> ReviewOut:
    """Assign the review to oneself, as a named officer."""
    row = service.find(work, tender_id, review_id)
    require_match(if_match, row.version)
    return _shown(work, service.take_up(work, row), response)


@router.post("/{review_id}/decision")
def decide_review(
    tender_id: Id, review_id: Id, body: ReviewDecision, work: Work, if_match: IfMatch, response: Response
) -> ReviewOut:
    """Uphold the result, or record that it was changed, with the reason."""
    row = service.find(work, tender_id, review_id)
    require_match(if_match, row.version)
    return _shown(work, service.decide(work, row, body), response)


@router.post("/{review_id}/withdraw")
def withdraw_review(tender_id: Id, review_id: Id, work: Work, response: Response) -> ReviewOut:
    """Withdraw one's own request."""
    return _shown(work, service.withdraw(work, service.find(work, tender_id, review_id)), response)


def _shown(work: UnitOfWork, row: Review, response: Response) -> ReviewOut:
    response.headers["ETag"] = etag(row.version)
    response.headers["Location"] = f"/api/v1/tenders/{row.tender_id}/reviews/{row.id}"
    return service.shown(work, row)
