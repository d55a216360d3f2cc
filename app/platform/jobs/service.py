"""What people do with jobs: find them, queue ended ones again, cancel live ones."""

from sqlalchemy import Select, not_, select
from sqlalchemy.orm import load_only

from app.platform.access.roles import SYSTEM, Role
from app.platform.audit.events import Event
from app.platform.audit.quiet import confidential
from app.platform.jobs.kinds import abandon, restore
from app.platform.jobs.tables import LIVE, REPEATABLE, Job
from app.platform.problems import Conflict, NotFound
from app.platform.unit_of_work import UnitOfWork


class JobStateRefused(Conflict):
    """A job that ended without a result can be queued again, one that has not ended can be cancelled."""

    code, title = "job_state", "The job's state does not allow this step"


def listing(work: UnitOfWork, state: str | None = None, kind: str | None = None) -> Select[Job]:
    """Select the jobs that the principal may see, without their encrypted columns; a bidder's after the opening."""
    shown = load_only(
        *(Job.id, Job.kind, Job.state, Job.done, Job.total, Job.result, Job.error_code, Job.error_detail),
        *(Job.created_at, Job.started_at, Job.finished_at, Job.attempts, Job.due_at),
        raiseload=True,
    )
    query = work.principal.confined(select(Job).options(shown), Job.organization_id)
    if work.principal.role is not Role.BIDDER and work.principal != SYSTEM:
        query = query.where(not_(confidential(Job.trail_chain)))
    wanted = {Job.state: state, Job.kind: kind}
    return query.where(*(column == value for column, value in wanted.items() if value is not None))


def newest_first(query: Select[Job]) -> Select[Job]:
    """Order jobs by their ids, which grow with time."""
    return query.order_by(Job.id.desc())


def repeatable(state: str | None = None, kind: str | None = None) -> Select[str]:
    """Select the ids of ended jobs that can be queued again, the oldest first; without a state: failed and dead ones."""
    states = [state] if state else ["failed", "dead"]
    query = select(Job.id).where(Job.state.in_(states))
    return (query if kind is None else query.where(Job.kind == kind)).order_by(Job.id)


def retry(work: UnitOfWork, job_id: str) -> Job:
    """Queue a job again that ended without a result; it goes on from its last checkpoint."""
    job = _locked(work, job_id)
    if job.state not in REPEATABLE:
        raise JobStateRefused
    before = {"state": job.state, "error": job.error_code}
    job.state, job.failures, job.due_at = "queued", 0, None
    job.error_code = job.error_detail = job.finished_at = None
    restore(work, job.kind, job.payload)
    work.session.flush()
    work.platform.queue.defer(work.session, job)
    work.record(Event.OFFICER_JOB_RETRY, subject=job.id, before=before, after={"state": job.state})
    work.after_commit(work.platform.queue.wake)
    return job


def cancel(work: UnitOfWork, job_id: str) -> Job:
    """Cancel a job that has not ended; a worker that runs it can commit nothing of it any more."""
    job = _locked(work, job_id)
    if job.state not in LIVE:
        raise JobStateRefused
    before = {"state": job.state}
    job.state, job.finished_at, job.due_at = "cancelled", work.now, None
    job.lease_owner = job.lease_until = None
    abandon(work, job.kind, job.payload)
    work.session.flush()
    work.record(Event.OFFICER_JOB_CANCEL, subject=job.id, before=before, after={"state": job.state})
    return job


def _locked(work: UnitOfWork, job_id: str) -> Job:
    """Return the job, locked against its worker until the commit."""
    job = work.get(Job, job_id)
    if work.session.scalar(listing(work).where(Job.id == job_id)) is None:
        raise NotFound
    work.session.refresh(job, with_for_update=True)
    return job
