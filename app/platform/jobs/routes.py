"""Jobs: progress by request or as server-sent events, queueing again, cancelling."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Annotated, Literal

import anyio
from fastapi import Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import StringConstraints
from sqlalchemy import Executable, bindparam, select
from starlette.concurrency import run_in_threadpool

from app.platform.access.roles import Principal, Role
from app.platform.audit.quiet import confidential
from app.platform.jobs import service
from app.platform.jobs.schemas import JobOut
from app.platform.jobs.tables import LIVE, Job
from app.platform.problems import NotFound
from app.platform.unit_of_work import Platform, UnitOfWork, Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/jobs", tags=["jobs"])
LOOK_SECONDS = 0.5
LONGEST_SECONDS = 300  # then the client reconnects
JobState = Literal["queued", "running", "succeeded", "failed", "dead", "cancelled"]
JobKindName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=80)]


# Without payload and checkpoint, which would be decrypted in vain.
@cache
def _read_query() -> Executable:
    """Built once, when all tables are known."""
    return select(
        *(Job.id, Job.kind, Job.state, Job.done, Job.total, Job.result, Job.error_code, Job.error_detail),
        *(Job.created_at, Job.started_at, Job.finished_at, Job.attempts, Job.due_at, Job.organization_id),
        confidential(Job.trail_chain).label("hidden"),
    ).where(Job.id == bindparam("id"))


@router.get("")
def list_jobs(
    work: Work,
    paging: Paging,
    state: Annotated[JobState | None, Query()] = None,
    kind: Annotated[JobKindName | None, Query()] = None,
) -> Page[JobOut]:
    """List jobs, the newest first; a bidder sees its own organization's, others those of bidders after the opening."""
    query = service.listing(work, state, kind)
    return paging.page(work.session, query, key=Job.id, view=JobOut.of, descending=True)


def _visible(job_id: Id, work: Work) -> JobOut:
    job = work.row(_read_query(), id=job_id)
    if job is None:
        raise NotFound
    work.principal.require_organization(job.organization_id)
    if job.hidden and work.principal.role is not Role.BIDDER:
        raise NotFound
    return JobOut.of(job)


VisibleJob = Annotated[JobOut, Depends(_visible)]


@router.get("/{job_id}")
def read_job(job_id: Id, work: Work) -> JobOut:
    """Read the state and progress of a job."""
    return _visible(job_id, work)


@router.post("/{job_id}/retry")
def retry_job(job_id: Id, work: Work) -> JobOut:
    """Queue a failed, dead or cancelled job again; it goes on from its last checkpoint."""
    return JobOut.of(service.retry(work, job_id))


@router.post("/{job_id}/cancel")
def cancel_job(job_id: Id, work: Work) -> JobOut:
    """Cancel a job that has not ended; what it has stored so far stays."""
    return JobOut.of(service.cancel(work, job_id))


@router.get("/{job_id}/events", response_class=EventSourceResponse)
async def stream_job(job: VisibleJob, request: Request) -> AsyncIterator[ServerSentEvent]:
    """Stream the job each time it changes until it ends (server-sent events named `job`)."""
    platform, principal = request.state.platform, request.state.principal
    yield _event(job)
    for _ in range(int(LONGEST_SECONDS / LOOK_SECONDS)):
        if job.state not in LIVE:
            return
        await anyio.sleep(LOOK_SECONDS)
        now = await run_in_threadpool(_read, platform, principal, job.id)
        if now != job:
            job = now
            yield _event(job)


def _read(platform: Platform, principal: Principal, job_id: str) -> JobOut:
    with UnitOfWork(platform, principal, "", reading=True) as work:
        return _visible(job_id, work)


def _event(job: JobOut) -> ServerSentEvent:
    return ServerSentEvent(raw_data=job.model_dump_json(by_alias=True), event="job")
