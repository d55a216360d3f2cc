"""Clarifications over HTTP."""

from app.examination.clarifications import service
from app.examination.clarifications.schemas import (
    ClarificationAnswerIn,
    ClarificationList,
    ClarificationOut,
    ClarificationsIn,
)
from app.examination.clarifications.tables import Clarification
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}/clarifications", tags=["clarifications"])


@router.post("", status_code=201)
def ask_clarification(tender_id: Id, body: ClarificationsIn, work: Work) -> ClarificationList:
    """Ask for a clarification; the same question goes to every bidder with the same open point."""
    return ClarificationList(items=[ClarificationOut.of(row) for row in service.ask(work, tender_id, body)])


@router.get("")
def list_clarifications(tender_id: Id, work: Work, paging: Paging) -> Page[ClarificationOut]:
    """List the clarifications of a tender; bidders see their own."""
    return paging.page(work.session, service.listing(work, tender_id), key=Clarification.id, view=ClarificationOut.of)


@router.post("/{clarification_id}/answer")
def answer_clarification(
    tender_id: Id, clarification_id: Id, body: ClarificationAnswerIn, work: Work
) -> ClarificationOut:
    """Submit the bidder's answer, limited to facts that its bid or a public register held at the deadline."""
    row = service.find(work, tender_id, clarification_id)
    return ClarificationOut.of(service.answer(work, row, body))
