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
    """Declare the other members of one's bid for a lot, before the deadline; pending until each of them consents."""
    row = service.declare(work, tender_id, body)
    return ConsortiumOut.of(row, service.consented(work, row.id))


@router.post("/{consortium_id}/consent")
def consent_to_consortium(tender_id: Id, consortium_id: Id, work: Work) -> ConsortiumOut:
    """Consent to a consortium as one of the members named, in one's own login, before the deadline."""
    row = service.consent(work, tender_id, consortium_id)
    return ConsortiumOut.of(row, service.consented(work, row.id))


@router.get("")
def list_consortia(tender_id: Id, work: Work, paging: Paging) -> Page[ConsortiumOut]:
    """List consortia; bidders see those that they lead or are named in, the agency all after the opening."""
    query = service.listing(work, tender_id)

    def view(row: Consortium) -> ConsortiumOut:
        return ConsortiumOut.of(row, service.consented(work, row.id))

    return paging.page(work.session, query, key=Consortium.id, view=view)


@router.get("/{consortium_id}/requirements")
def read_consortium_requirements(tender_id: Id, consortium_id: Id, work: Work) -> CombinedList:
    """Return each requirement for the consortium as a whole, combined from the members' screenings."""
    return CombinedList.of(service.requirements(work, tender_id, consortium_id))
