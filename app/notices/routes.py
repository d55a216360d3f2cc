"""Notices and amendments over HTTP."""

from app.notices import service
from app.notices.schemas import AmendmentIn, AmendmentOut, NoticeOut
from app.notices.tables import Amendment, Notice
from app.web.paging import Page, Paging
from app.web.routing import Router
from app.web.schema import Output
from app.web.types import Id
from app.work import Work

router = Router(prefix="/tenders/{tender_id}", tags=["notices"])


class Announced(Output):
    """The notices that went out."""

    items: list[NoticeOut]


@router.post("/amendments", status_code=201)
def amend_tender(tender_id: Id, body: AmendmentIn, work: Work) -> AmendmentOut:
    """Publish a new version of the documents; policy and criteria stay frozen."""
    return AmendmentOut.of(service.amend(work, tender_id, body))


@router.get("/amendments")
def list_amendments(tender_id: Id, work: Work, paging: Paging) -> Page[AmendmentOut]:
    """The amendments of a tender."""
    return paging.page(work.session, service.amendments(work, tender_id), key=Amendment.id, view=AmendmentOut.of)


@router.get("/notices")
def list_notices(tender_id: Id, work: Work, paging: Paging) -> Page[NoticeOut]:
    """The notices of a tender; bidders see those to all and to themselves."""
    return paging.page(work.session, service.notices(work, tender_id), key=Notice.id, view=NoticeOut.of)


@router.post("/award-notices", status_code=201)
def announce_awards(tender_id: Id, work: Work) -> Announced:
    """Announce the result; each loser is told its own score and rank."""
    return Announced(items=[NoticeOut.of(row) for row in service.announce_awards(work, tender_id)])
