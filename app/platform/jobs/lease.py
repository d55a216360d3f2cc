"""Leases: a job belongs to one worker for a limited time; a worker that stops renewing loses it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Select, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from app.platform.database.types import UtcDateTime
from app.platform.jobs.tables import STATES, Job


class SteppedAside(Exception):
    """The job goes back to the queue with its last checkpoint, since another holder's job waits."""


class LeaseLost(Exception):
    """Another worker has taken over the job; work since the last chunk is rolled back."""


# Whose share a job uses: a bidder's organization, else the tender, else who requested it.
_holder = func.coalesce(Job.organization_id, Job.tender_id, Job.principal_id)
_PLAIN = {"synchronize_session": False}
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
    until = now + timedelta(seconds=seconds)
    for priority, holder in _in_turn(session, now, reach):
        values = {"now": now, "until": until, "by": worker, "urgency": priority, "holder": holder}
        found = session.execute(_taking(reach.kinds), values, execution_options=_PLAIN)
        job: Job | None = found.scalar()
        if job is not None:
            return job
    return None


def others_wait(session: Session, job: Job, now: datetime, kinds: tuple[str, ...] | None = None) -> bool:
    """Whether a job of another holder waits that is not less urgent, of these kinds."""
    holder = job.organization_id or job.tender_id or job.principal_id
    values = {"now": now, "holder": holder, "urgency": job.priority}
    return session.execute(_others(kinds), values).first() is not None


def _in_turn(session: Session, now: datetime, reach: Reach) -> list[tuple[int, str]]:
    """Return the priorities and holders of waiting jobs in the order of their turns."""
    waiting = session.execute(_waiting(reach.kinds), {"now": now}).all()
    if len(waiting) < 2 and reach.each is None:
        return [(row[0], row[1]) for row in waiting]
    running = dict(session.execute(_RUNNING, {"now": now}).all()) if waiting else {}
    served = dict(session.execute(_RECENT, {"long_ago": now - _SERVED}).all()) if waiting else {}
    never = now - 2 * _SERVED
    order = [
        (-priority, running.get(holder, 0), served.get(holder) or never, since, holder)
        for priority, holder, since, organization in waiting
        if reach.each is None or organization is None or running.get(holder, 0) < reach.each
    ]
    return [(-priority, holder) for priority, *_, holder in sorted(order)]


def hold(
    session: Session, job_id: str, worker: str, now: datetime, seconds: int, values: dict[str, Any] | None = None
) -> None:
    """Extend the lease and store `values`, or raise LeaseLost.

    In a chunk's transaction this fences off a worker that lost its lease.
    """
    _mine(session, job_id, worker, {"lease_until": now + timedelta(seconds=seconds), **(values or {})})


def finish(session: Session, job_id: str, worker: str, values: dict[str, Any]) -> None:
    """Record the outcome and release the lease, or raise LeaseLost."""
    _mine(session, job_id, worker, {"lease_owner": None, "lease_until": None, **values})


def _mine(session: Session, job_id: str, worker: str, values: dict[str, Any]) -> None:
    owned = update(Job).where(Job.id == job_id, Job.lease_owner == worker, Job.state == "running").values(values)
    result = session.execute(owned, execution_options=_PLAIN)
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise LeaseLost(job_id)


def _free(kinds: tuple[str, ...] | None) -> ColumnElement[bool]:
    is_due = or_(Job.due_at.is_(None), Job.due_at <= _NOW)
    free = or_(and_(Job.state == "queued", is_due), and_(Job.state == "running", Job.lease_until < _NOW))
    return free if kinds is None else and_(free, Job.kind.in_(kinds))


# Built once: building a statement costs more than running it.
_NOW = bindparam("now", type_=UtcDateTime())
_RUNNING = select(_holder, func.count()).where(Job.state == "running", Job.lease_until >= _NOW).group_by(_holder)
_RECENT = (
    select(_holder, func.max(Job.started_at))
    .where(Job.state.in_(STATES), Job.created_at > bindparam("long_ago", type_=UtcDateTime()))
    .group_by(_holder)
)


@lru_cache(maxsize=64)
def _waiting(kinds: tuple[str, ...] | None) -> Select[int, str, datetime, str | None]:
    columns = (Job.priority, _holder, func.min(Job.created_at), func.min(Job.organization_id))
    return select(*columns).where(_free(kinds)).group_by(Job.priority, _holder)


@lru_cache(maxsize=64)
def _others(kinds: tuple[str, ...] | None) -> Select[str]:
    other = and_(_holder != bindparam("holder"), Job.priority >= bindparam("urgency"))
    return select(Job.id).where(_free(kinds), other).limit(1)


@lru_cache(maxsize=64)
def _taking(kinds: tuple[str, ...] | None) -> Any:
    mine = and_(_free(kinds), _holder == bindparam("holder"), Job.priority == bindparam("urgency"))
    oldest = select(Job.id).where(mine).order_by(Job.created_at, Job.id).limit(1).with_for_update(skip_locked=True)
    # A job that is running has a worker that stopped responding.
    failures = Job.failures + case((Job.state == "running", 1), else_=0)
    lease = {"lease_owner": bindparam("by"), "lease_until": bindparam("until", type_=UtcDateTime())}
    values = {"state": "running", "attempts": Job.attempts + 1, "failures": failures, "due_at": None, **lease}
    taken = update(Job).where(Job.id == oldest.scalar_subquery()).values(**values, started_at=_NOW)
    return taken.returning(Job)
