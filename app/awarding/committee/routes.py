"""Committees over HTTP."""

from app.awarding.committee import service
from app.awarding.committee.schemas import CommitteeIn, CommitteeOut
from app.platform.unit_of_work import Work
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}/committee", tags=["committee"])


@router.put("")
def form_committee(tender_id: Id, body: CommitteeIn, work: Work) -> CommitteeOut:
    """Form the evaluation committee; an unlawful composition is rejected with all its errors."""
    return CommitteeOut.of(service.put(work, tender_id, body))


@router.get("")
def read_committee(tender_id: Id, work: Work) -> CommitteeOut:
    """Return the current committee."""
    return CommitteeOut.of(service.find(work, tender_id))
