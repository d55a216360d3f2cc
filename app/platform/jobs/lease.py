"""Leases: a job belongs to one worker for a limited time; a worker that stops renewing loses it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.platform.jobs.tables import STATES, Job


class SteppedAside(Exception):
    """The job goes back to the queue with its last checkpoint, since another holder's job waits."""


class LeaseLost(Exception):
    """Another worker has taken over the job; work since the last chunk is rolled back."""


# Whose share a job uses: a bidder's organization, else the tender, else who requested it.
_holder = func.coalesce(Job.organization_id, Job.tender_id, Job.principal_id)
_SERVED = timedelta(hours=1)  # how far back the order of holders looks


@dataclass(frozen=True, slots=True)
class Reach:
    """The jobs a worker takes.

    `kinds`: of these kinds alone; None: of every kind. `each`: at most so many of one bidder at once; None: any number.
    """

    kinds: tuple[str, ...] | None = None
    each: int | None = None


def take(session: Session, worker: str, now: datetime, seconds: int, reach: Reach = Reach()) -> Job | None:
    """Lease a job that is queued or whose lease has expired; None if there is none.

    The highest priority first; within it holders take turns: first those with the fewest running jobs, among them who
    was served longest ago, then the oldest job.
    """
    free = _free(now, reach.kinds)
    for priority, holder in _in_turn(session, now, reach):
        mine = and_(free, _holder == holder, Job.priority == priority)
        oldest = select(Job.id).where(mine).order_by(Job.created_at, Job.id).limit(1)
        job_id = session.scalar(oldest.with_for_update(skip_locked=True))
        if job_id is not None:
            return _leased(session.get_one(Job, job_id), worker, now, seconds)
    return None


def others_wait(session: Session, job: Job, now: datetime, kinds: tuple[str, ...] | None = None) -> bool:
    """Whether a job of another holder waits that is not less urgent, of these kinds."""
    other = _holder != (job.organization_id or job.tender_id or job.principal_id)
    return (
        session.scalar(select(Job.id).where(_free(now, kinds), other, Job.priority >= job.priority).limit(1))
        is not None
    )


def _in_turn(session: Session, now: datetime, reach: Reach) -> list[tuple[int, str]]:
    """Return the priorities and holders of waiting jobs in the order of their turns."""
    columns = (Job.priority, _holder, func.min(Job.created_at), func.min(Job.organization_id))
    query = select(*columns).where(_free(now, reach.kinds)).group_by(Job.priority, _holder)
    waiting = session.execute(query).all()
    if not waiting:
        return []
    is_running = and_(Job.state == "running", Job.lease_until >= now)
    running = dict(session.execute(select(_holder, func.count()).where(is_running).group_by(_holder)).all())
    recent = select(_holder, func.max(Job.started_at)).where(Job.state.in_(STATES), Job.created_at > now - _SERVED)
    served = dict(session.execute(recent.group_by(_holder)).all())
    long_ago = now - 2 * _SERVED
    order = [
        (-priority, running.get(holder, 0), served.get(holder) or long_ago, since, holder)
        for priority, holder, since, organization in waiting
        if reach.each is None or organization is None or running.get(holder, 0) < reach.each
    ]
    return [(-priority, holder) for priority, *_, holder in sorted(order)]


def _leased(job: Job, worker: str, now: datetime, seconds: int) -> Job:
    job.failures += job.state == "running"  # its worker stopped responding
    job.state, job.attempts, job.due_at = "running", job.attempts + 1, None
    job.lease_owner, job.lease_until = worker, now + timedelta(seconds=seconds)
    job.started_at = now
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


def _free(now: datetime, kinds: tuple[str, ...] | None) -> ColumnElement[bool]:
    is_due = or_(Job.due_at.is_(None), Job.due_at <= now)
    free = or_(and_(Job.state == "queued", is_due), and_(Job.state == "running", Job.lease_until < now))
    return free if kinds is None else and_(free, Job.kind.in_(kinds))
