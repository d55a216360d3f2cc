"""Leases: a job belongs to one worker for a limited time; a worker that stops renewing loses it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from app.platform.jobs.tables import Job


class LeaseLost(Exception):
    """Another worker has taken over the job; work since the last chunk is rolled back."""


def take(session: Session, worker: str, now: datetime, seconds: int) -> Job | None:
    """Lease the oldest job that is queued or whose lease has expired; None if there is none."""
    oldest = (
        select(Job.id).where(_free(now)).order_by(Job.created_at, Job.id).limit(1).with_for_update(skip_locked=True)
    )
    job_id = session.scalar(oldest)
    if job_id is None:
        return None
    job = session.get_one(Job, job_id)
    job.state, job.attempts = "running", job.attempts + 1
    job.lease_owner, job.lease_until = worker, now + timedelta(seconds=seconds)
    job.started_at = job.started_at or now
    return job


def hold(session: Session, job_id: str, worker: str, now: datetime, seconds: int) -> None:
    """Extend the lease, or raise LeaseLost. In a chunk's transaction this fences off a worker that lost its lease."""
    _mine(session, job_id, worker, {"lease_until": now + timedelta(seconds=seconds)})


def finish(session: Session, job_id: str, worker: str, values: dict[str, Any]) -> None:
    """Record the outcome and release the lease, or raise LeaseLost."""
    _mine(session, job_id, worker, {"lease_owner": None, "lease_until": None, **values})


def _mine(session: Session, job_id: str, worker: str, values: dict[str, Any]) -> None:
    owned = update(Job).where(Job.id == job_id, Job.lease_owner == worker, Job.state == "running").values(values)
    result = session.execute(owned, execution_options={"synchronize_session": False})
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise LeaseLost(job_id)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Job.state == "queued", and_(Job.state == "running", Job.lease_until < now))
