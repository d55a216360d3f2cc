"""Documents over HTTP."""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from app.bidders.documents import quotas, service
from app.bidders.documents.jobs import KIND
from app.bidders.documents.schemas import (
    MOST_FILES,
    CorrectionIn,
    DocumentChange,
    DocumentOut,
    ExtractionOut,
    Kind,
    State,
    UploadOut,
)
from app.bidders.documents.tables import Document, Extraction
from app.evidence.reading.isolation.pool import PageUnavailable, shared
from app.platform.access.masking import masked_text
from app.platform.audit.events import Event
from app.platform.jobs.enqueue import enqueue, new_job_id
from app.platform.jobs.schemas import JobOut
from app.platform.problems import NotFound
from app.platform.quota import quota_headers
from app.platform.unit_of_work import UnitOfWork, Work, WritingWork
from app.platform.web.headers import attachment
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.schema import Unmasking
from app.platform.web.types import Id

router = Router(prefix="/documents", tags=["documents"])
Uploads = Annotated[list[UploadFile], File(description="The files; the type of each is detected from its bytes.")]
PageNumber = Annotated[int, Path(ge=1, le=10_000)]
Width = Annotated[int, Query(ge=100, le=3000, description="Pixels")]
Described = dict[int | str, dict[str, Any]]
Boxes = Sequence[Sequence[float]]
PNG: Described = {200: {"content": {"image/png": {}}, "description": "The page as a picture"}}
BYTES: Described = {200: {"content": {"application/octet-stream": {}}, "description": "The file as it was uploaded"}}


class NoPicture(NotFound):
    """The file has no such page, or the page cannot be rendered."""

    code, title = "no_picture", "No image of this page is available"


@router.post("", status_code=202)
def upload_documents(
    files: Uploads,
    work: Work,
    response: Response,
    organization_id: Annotated[Id | None, Form(alias="organizationId")] = None,
    kind: Annotated[Kind | None, Form()] = None,
) -> UploadOut:
    """Store files of any type; a job extracts them.

    For a bidder the headers `Quota-Files` and `Quota-Bytes` state what its organization uses; 409 `quota_exceeded`.
    """
    service.require_files(len(files), MOST_FILES)
    quotas.require_room(work, files)
    received = [service.received(work, file, organization_id) for file in files]
    owner = service.owner_of(work, organization_id)
    job_id = new_job_id()
    documents = service.add(work, received, owner, kind, job_id)
    job = enqueue(work, KIND, {"documents": [row.id for row in documents]}, job_id=job_id)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    response.headers.update(quota_headers(quotas.file_quotas(work)))
    return UploadOut(documents=[DocumentOut.of(row) for row in documents], job=JobOut.of(job))


@router.get("")
def list_documents(
    work: Work,
    paging: Paging,
    organization_id: Annotated[Id | None, Query(alias="organizationId")] = None,
    kind: Annotated[Kind | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
) -> Page[DocumentOut]:
    """List documents; bidders see their own only."""
    query = service.listing(work, organization_id, kind, state)
    return paging.page(work.session, query, key=Document.id, view=DocumentOut.of)


@router.get("/{document_id}")
def read_document(document_id: Id, work: Work, response: Response) -> DocumentOut:
    """Return a document and the state of its extraction."""
    return _shown(service.visible(work, document_id), response)


@router.patch("/{document_id}")
def change_document(
    document_id: Id, body: DocumentChange, work: Work, if_match: IfMatch, response: Response
) -> DocumentOut:
    """Assign a document to another organization, or declare another kind."""
    row = service.visible(work, document_id)
    require_match(if_match, row.version)
    return _shown(service.change(work, row, body), response)


@router.get("/{document_id}/content", response_class=StreamingResponse, responses=BYTES)
def read_document_content(document_id: Id, work: Work, trail: WritingWork) -> StreamingResponse:
    """Download the unmasked file as an attachment; the audit trail records who downloaded it.

    For officers, who may unmask, and for the bidder whose file it is. Others see its pages with ID numbers blackened.
    """
    row = service.visible(work, document_id)
    pieces = work.files.stream(row.sha256, row.scope)
    trail.record(Event.CLIENT_DOCUMENT_DOWNLOAD, subject=row.id, after={"sha256": row.sha256})
    name = masked_text(row.name.reveal()) or ""
    headers = {"Content-Disposition": attachment(name, row.id), "Content-Length": str(row.size)}
    return StreamingResponse(pieces, media_type=row.media_type or "application/octet-stream", headers=headers)


@router.get("/{document_id}/pages/{page}.png", response_class=Response, responses=PNG)
def read_document_page(
    document_id: Id, page: PageNumber, request: Request, work: Work, width: Width = 1240
) -> Response:
    """Return a page as a picture; ID numbers read on it are blackened.

    Roles that may not unmask get no picture of a page on which a number may stand that was not read. 403
    `numbers_not_located`.

    The ETag covers file, page, width and masks, so a browser that has the picture gets 304 at once.
    """
    row = service.visible(work, document_id)
    record = service.latest(work, document_id).record
    service.require_located(work, record, page)
    hidden = service.masks(record, page)
    headers = {"ETag": _picture_tag(row.sha256, page, width, hidden), "Cache-Control": "private, no-cache"}
    if headers["ETag"] in request.headers.get("if-none-match", "").replace("W/", "").split(", "):
        return Response(status_code=304, headers=headers)
    picture = _picture(work, row, page, width, hidden)
    picture.headers.update(headers)
    return picture


@router.post("/{document_id}/pages/{page}/unmask", response_class=Response, responses=PNG)
def read_document_page_unmasked(
    document_id: Id, page: PageNumber, body: Unmasking, work: Work, width: Width = 1240
) -> Response:
    """Return an unmasked page image; the audit trail records who saw it, and the reason."""
    row = service.visible(work, document_id)
    after = {"sha256": row.sha256, "page": page, "reason": body.reason}
    work.record(Event.OFFICER_DOCUMENT_UNMASK, subject=row.id, after=after)
    return _drawn(work, row, page, width, ())


@router.get("/{document_id}/extractions")
def list_extractions(document_id: Id, work: Work, paging: Paging) -> Page[ExtractionOut]:
    """List the extractions of a document, the latest first."""
    service.visible(work, document_id)
    query = service.extractions(document_id)
    view = partial(ExtractionOut.of, births=work.principal.role in service.UNMASKED)
    return paging.page(work.session, query, key=Extraction.number, view=view, descending=True)


@router.post("/{document_id}/extractions", status_code=201)
def correct_extraction(
    document_id: Id, body: CorrectionIn, work: Work, if_match: IfMatch, response: Response
) -> ExtractionOut:
    """Store a manual correction as a new version of the extraction, with author and reason."""
    row = service.visible(work, document_id)
    require_match(if_match, row.version)
    extraction = service.correct(work, row, body)
    response.headers["ETag"] = etag(row.version)
    return ExtractionOut.of(extraction, births=work.principal.role in service.UNMASKED)


def _picture(work: UnitOfWork, row: Document, page: int, width: int, hidden: Boxes) -> Response:
    work.session.expunge(row)
    work.close()  # release the database connection while the page is rendered
    return _drawn(work, row, page, width, hidden)


def _picture_tag(sha256: str, page: int, width: int, hidden: Boxes) -> str:
    told = repr((sha256, page, width, sorted(map(tuple, hidden))))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _drawn(work: UnitOfWork, row: Document, page: int, width: int, hidden: Boxes) -> Response:
    try:
        holder = work.principal.organization_scope or work.principal.id
        picture = shared().page_png(work.files.read(row.sha256, row.scope), page, width, hidden, holder)
    except PageUnavailable as failure:
        raise NoPicture(failure.message) from None
    return Response(picture, media_type="image/png")


def _shown(row: Document, response: Response) -> DocumentOut:
    response.headers["ETag"] = etag(row.version)
    return DocumentOut.of(row)
