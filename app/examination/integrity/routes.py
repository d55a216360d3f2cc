"""Flags over HTTP: computation as a job, reading, decisions, the graph, and the tender's own documents."""

from typing import Annotated

from fastapi import Depends, Query, Response

from app.core.integrity.flag_state import State
from app.core.integrity.leads import Strength
from app.examination.integrity import graph, service
from app.examination.integrity.schemas import (
    DispositionIn,
    DispositionOut,
    FlagOut,
    GraphOut,
    TenderDocumentsIn,
    TenderDocumentsOut,
)
from app.examination.integrity.tables import Disposition, Flag
from app.platform.jobs.schemas import JobOut
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import etag
from app.platform.web.routing import Router
from app.platform.web.types import Chars, Id

router = Router(tags=["flags"])


async def _wanted(
    state: Annotated[State | None, Query()] = None,
    strength: Annotated[Strength | None, Query()] = None,
    code: Annotated[Annotated[str, Chars(1, 60, r"^[a-z_]+$")] | None, Query()] = None,
    current: Annotated[bool | None, Query(description="true: those that current facts still support")] = None,
) -> service.Wanted:
    return service.Wanted(state, strength, code, current)


@router.post("/tenders/{tender_id}/flags", status_code=202)
def compute_flags(tender_id: Id, work: Work, response: Response) -> JobOut:
    """Compute the leads of a tender as a job; it can be repeated, and the same facts give the same flags."""
    job = service.ask(work, tender_id)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job


@router.get("/tenders/{tender_id}/flags")
def list_flags(
    tender_id: Id, work: Work, paging: Paging, wanted: Annotated[service.Wanted, Depends(_wanted)]
) -> Page[FlagOut]:
    """List the flags of a tender, including those that current facts no longer support."""
    query = service.listing(work, tender_id, wanted)
    return paging.page(work.session, query, key=Flag.id, view=lambda row: service.shown(work, row))


@router.get("/tenders/{tender_id}/flags/graph")
def read_flag_graph(tender_id: Id, work: Work) -> GraphOut:
    """Return bidders, persons and documents as nodes, with the flags between them as edges."""
    return graph.tender_graph(work, tender_id)


@router.get("/flags/{flag_id}")
def read_flag(flag_id: Id, work: Work, response: Response) -> FlagOut:
    """Return one flag, with its evidence and earlier flags about the same organizations in other tenders."""
    flag = service.find(work, flag_id)
    response.headers["ETag"] = etag(flag.version)
    return service.shown(work, flag)


@router.get("/flags/{flag_id}/dispositions")
def list_dispositions(flag_id: Id, work: Work, paging: Paging) -> Page[DispositionOut]:
    """List officers' decisions on a flag, oldest first."""
    query = service.dispositions(service.find(work, flag_id))
    return paging.page(work.session, query, key=Disposition.id, view=DispositionOut.of)


@router.post("/flags/{flag_id}/dispositions", status_code=201)
def dispose_flag(flag_id: Id, body: DispositionIn, work: Work) -> DispositionOut:
    """Confirm or dismiss a flag, with the reason; `evidenceHash` identifies the evidence that was read."""
    return DispositionOut.of(service.dispose(work, service.find(work, flag_id), body))


@router.put("/tenders/{tender_id}/own-documents")
def put_tender_documents(tender_id: Id, body: TenderDocumentsIn, work: Work) -> TenderDocumentsOut:
    """Name the tender's own documents (templates too), with the reason: bidders may copy them without suspicion."""
    return TenderDocumentsOut(documents=service.put_own_documents(work, tender_id, body.documents, body.reason))


@router.get("/tenders/{tender_id}/own-documents")
def read_tender_documents(tender_id: Id, work: Work) -> TenderDocumentsOut:
    """List the tender's own documents."""
    return TenderDocumentsOut(documents=service.own_documents(work, tender_id))
