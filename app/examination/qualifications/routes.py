"""Qualifications over HTTP."""

from typing import Annotated

from fastapi import Query, Response

from app.examination.qualifications import service
from app.examination.qualifications.schemas import QualificationChange, QualificationIn, QualificationOut
from app.examination.qualifications.tables import QualificationRow
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}/qualifications", tags=["qualifications"])


@router.post("", status_code=201)
def create_qualification(tender_id: Id, body: QualificationIn, work: Work, response: Response) -> QualificationOut:
    """Accept what a screening proposes, overrule it with a reason, or ask for a clarification."""
    row = service.create(work, tender_id, body)
    response.headers["Location"] = f"/api/v1/tenders/{tender_id}/qualifications/{row.id}"
    response.headers["ETag"] = etag(row.version)
    return QualificationOut.of(row)


@router.get("")
def list_qualifications(
    tender_id: Id, work: Work, paging: Paging, lot: Annotated[Id | None, Query(alias="lotId")] = None
) -> Page[QualificationOut]:
    """List the qualifications of a tender, including cancelled ones; bidders see their own."""
    query = service.listing(work, tender_id, lot)
    return paging.page(work.session, query, key=QualificationRow.id, view=QualificationOut.of)


@router.get("/{qualification_id}")
def read_qualification(tender_id: Id, qualification_id: Id, work: Work, response: Response) -> QualificationOut:
    """Return one qualification."""
    row = service.find(work, tender_id, qualification_id)
    response.headers["ETag"] = etag(row.version)
    return QualificationOut.of(row)


@router.patch("/{qualification_id}")
def change_qualification(
    tender_id: Id,
    qualification_id: Id,
    body: QualificationChange,
    work: Work,
    if_match: IfMatch,
    response: Response,
) -> QualificationOut:
    """Decide a pending qualification, or cancel a decision with the reason, so that a new one can be made."""
    row = service.find(work, tender_id, qualification_id)
    require_match(if_match, row.version)
    changed = service.change(work, row, body)
    response.headers["ETag"] = etag(changed.version)
    return QualificationOut.of(changed)
