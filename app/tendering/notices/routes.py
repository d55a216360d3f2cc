"""Notices and amendments over HTTP."""

from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.notices import service
from app.tendering.notices.schemas import AmendmentIn, AmendmentOut, NoticeOut
from app.tendering.notices.tables import Amendment, Notice

router = Router(prefix="/tenders/{tender_id}", tags=["notices"])


@router.post("/amendments", status_code=201)
def amend_tender(tender_id: Id, body: AmendmentIn, work: Work) -> AmendmentOut:
    """Publish a new version of the documents; policy and criteria stay frozen."""
    return AmendmentOut.of(service.amend(work, tender_id, body))


@router.get("/amendments")
def list_amendments(tender_id: Id, work: Work, paging: Paging) -> Page[AmendmentOut]:
    """List the amendments of a tender."""
    return paging.page(work.session, service.amendments(work, tender_id), key=Amendment.id, view=AmendmentOut.of)


@router.get("/notices")
def list_notices(tender_id: Id, work: Work, paging: Paging) -> Page[NoticeOut]:
    """List the notices of a tender; bidders see those to all and to themselves."""
    return paging.page(work.session, service.notices(work, tender_id), key=Notice.id, view=NoticeOut.of)
