"""Consortia over HTTP."""

from app.examination.consortia import service
from app.examination.consortia.schemas import CombinedList, ConsortiumIn, ConsortiumOut
from app.examination.consortia.tables import Consortium
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}/consortia", tags=["consortia"])


@router.post("", status_code=201)
def declare_consortium(tender_id: Id, body: ConsortiumIn, work: Work) -> ConsortiumOut:
    """Declare the other members of one's bid for a lot, before the deadline."""
    return ConsortiumOut.of(service.declare(work, tender_id, body))


@router.get("")
def list_consortia(tender_id: Id, work: Work, paging: Paging) -> Page[ConsortiumOut]:
    """List consortia; bidders see the one they lead, the agency all after the opening."""
    return paging.page(work.session, service.listing(work, tender_id), key=Consortium.id, view=ConsortiumOut.of)


@router.get("/{consortium_id}/requirements")
def read_consortium_requirements(tender_id: Id, consortium_id: Id, work: Work) -> CombinedList:
    """Return each requirement for the consortium as a whole, combined from the members' screenings."""
    return CombinedList.of(service.requirements(work, tender_id, consortium_id))
