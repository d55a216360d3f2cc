"""Committees over HTTP."""

from app.committee import service
from app.committee.schemas import CommitteeIn, CommitteeOut
from app.web.routing import Router
from app.web.types import Id
from app.work import Work

router = Router(prefix="/tenders/{tender_id}/committee", tags=["committee"])


@router.put("")
def form_committee(tender_id: Id, body: CommitteeIn, work: Work) -> CommitteeOut:
    """Form the evaluation committee; refused with everything that is wrong with it."""
    return CommitteeOut.of(service.put(work, tender_id, body))


@router.get("")
def read_committee(tender_id: Id, work: Work) -> CommitteeOut:
    """The committee that stands."""
    return CommitteeOut.of(service.find(work, tender_id))
