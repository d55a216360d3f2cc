"""The metrics: what this process has answered, and what the database states about the whole instance."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, not_, select

from app.administration.health.exposition import Metric, Sample
from app.administration.trail.alarms import alarms
from app.platform.audit.quiet import confidential
from app.platform.database.base import metadata
from app.platform.database.types import UtcDateTime
from app.platform.unit_of_work import UnitOfWork
from app.platform.web.request_counts import RequestCounts

RECENT = timedelta(minutes=15)
MOST_RECENT = 20_000


def metrics(work: UnitOfWork, requests: RequestCounts) -> Iterator[Metric]:
    """Yield every metric. Values from the database are those of all processes together."""
    yield from _requests(requests)
    yield from _jobs(work)
    yield _by_column(work, "document", "state", "bidscreen_documents", "Documents by the state of their extraction")
    yield _by_column(work, "screening", "verdict", "bidscreen_screenings", "Screenings by verdict")
    yield _lists(work)
    found = alarms(work.session, work.platform, work.now)
    yield _gauge("bidscreen_audit_alarms", "Alarms of the audit trail", [Sample(len(found), {})])
    pool: Any = work.platform.engine.pool
    used = [Sample(pool.checkedout(), {"state": "used"}), Sample(pool.checkedin(), {"state": "idle"})]
    yield _gauge("bidscreen_database_connections", "Connections of this process's pool", used)


def _requests(requests: RequestCounts) -> Iterator[Metric]:
    answered = [
        Sample(count, {"method": method, "route": route, "status": str(status)})
        for (method, route, status), count in sorted(requests.answered().items())
    ]
    yield Metric("bidscreen_requests_total", "counter", "Requests that this process answered", tuple(answered))
    buckets, seconds = requests.durations()
    within = [Sample(count, {"le": bound}, "_bucket") for bound, count in buckets]
    rest = [Sample(seconds, {}, "_sum"), Sample(buckets[-1][1], {}, "_count")]
    about = "Seconds from a request's first byte to its answer"
    yield Metric("bidscreen_request_seconds", "histogram", about, (*within, *rest))


def _jobs(work: UnitOfWork) -> Iterator[Metric]:
    job = metadata.tables["job"]
    by_state = work.session.execute(
        select(job.c.kind, job.c.state, func.count()).where(_told(job)).group_by(job.c.kind, job.c.state)
    )
    counts = [Sample(count, {"kind": kind, "state": state}) for kind, state, count in by_state.all()]
    yield _gauge("bidscreen_jobs", "Jobs by kind and state", counts)
    yield _gauge("bidscreen_job_age_seconds", "Age of the oldest job that is due and waits", _waiting(work, job))
    ended = _ended(work, job)
    yield _gauge(
        "bidscreen_job_seconds_recent",
        "Mean seconds of a job's last run, of those that ended in the last 15 minutes",
        [Sample(sum(seconds) / len(seconds), {"kind": kind}) for kind, seconds in ended.items()],
    )
    recent = [Sample(len(seconds), {"kind": kind}) for kind, seconds in ended.items()]
    yield _gauge("bidscreen_jobs_ended_recent", "Jobs that ended in the last 15 minutes", recent)


def _waiting(work: UnitOfWork, job: Table) -> list[Sample]:
    is_due = job.c.due_at.is_(None) | (job.c.due_at <= work.now)
    oldest = func.min(job.c.created_at, type_=UtcDateTime())
    query = select(job.c.kind, oldest).where(job.c.state == "queued", is_due, _told(job)).group_by(job.c.kind)
    return [Sample((work.now - since).total_seconds(), {"kind": kind}) for kind, since in work.session.execute(query)]


def _ended(work: UnitOfWork, job: Table) -> dict[str, list[float]]:
    columns: tuple[Column[Any], ...] = (job.c.kind, job.c.started_at, job.c.finished_at)
    recent = select(*columns).where(job.c.finished_at > work.now - RECENT, job.c.started_at.is_not(None), _told(job))
    seconds: dict[str, list[float]] = {}
    for kind, began, ended in work.session.execute(recent.limit(MOST_RECENT)):
        seconds.setdefault(kind, []).append(_seconds(began, ended))
    return seconds


def _seconds(began: datetime, ended: datetime) -> float:
    return (ended - began).total_seconds()


def _lists(work: UnitOfWork) -> Metric:
    snapshot = metadata.tables["credit_snapshot"]
    newest = func.max(snapshot.c.retrieved_on)
    query = select(snapshot.c.list_name, newest).where(snapshot.c.state == "ready").group_by(snapshot.c.list_name)
    today = work.now.date()
    ages = [Sample((today - day).days, {"list": name}) for name, day in work.session.execute(query)]
    return _gauge("bidscreen_credit_list_age_days", "Days since the newest snapshot of each list was retrieved", ages)


def _by_column(work: UnitOfWork, table: str, column: str, name: str, about: str) -> Metric:
    counted = metadata.tables[table]
    of = counted.c[column]
    query = select(of, func.count()).group_by(of).order_by(of)
    counts = work.session.execute(query.where(_told(counted)) if "trail_chain" in counted.c else query).all()
    return _gauge(name, about, [Sample(count, {column: value}) for value, count in counts])


def _told(table: Table) -> ColumnElement[bool]:
    """Condition that leaves out what bidders did in a quiet time: its number would tell who prepares a bid."""
    return not_(confidential(table.c.trail_chain))


def _gauge(name: str, about: str, samples: list[Sample]) -> Metric:
    return Metric(name, "gauge", about, tuple(samples))
