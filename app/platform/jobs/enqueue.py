"""Enqueueing: a job row in the caller's transaction."""

from typing import Any

from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from app.platform.jobs.kinds import KINDS
from app.platform.jobs.tables import Job
from app.platform.unit_of_work import UnitOfWork


def new_job_id() -> str:
    """Return an id for a job that other rows name before it is enqueued."""
    return new_id(Job.ID_PREFIX)


def enqueue(
    work: UnitOfWork, kind: str, payload: dict[str, Any], *, job_id: str | None = None, tender: str | None = None
) -> Job:
    """Add a job to the caller's transaction; workers are woken after the commit.

    `kind` is a key of the features' JOB_KINDS, `payload` plain JSON values. `job_id` where a row names the job first.
    `tender`: the tender whose share of the workers it uses.
    """
    job = Job(
        id=job_id or new_job_id(),
        kind=kind,
        payload=payload,
        checkpoint={},
        principal_id=work.principal.id,
        principal_role=work.principal.role.value,
        organization_id=work.principal.organization_id,
        tender_id=tender,
        request_id=work.request_id,
        priority=KINDS[kind].priority if kind in KINDS else 0,
        trail_chain=work.own_chain,
    )
    work.session.add(job)
    work.session.flush()
    work.record(Event.CLIENT_JOB_ENQUEUE, subject=job.id, after={"kind": kind})
    work.platform.queue.defer(work.session, job)
    work.after_commit(work.platform.queue.wake)
    return job
