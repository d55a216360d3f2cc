"""The calendar in force; start, meet and recompute periods."""

from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from app.core.procedure.deadlines import PERIODS, CalendarRefused, Clock, Due, WorkingCalendar, checked_year, due
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.deadlines.published import published
from app.tendering.deadlines.schemas import CalendarYearIn, ClockIn, ClockState
from app.tendering.deadlines.tables import CalendarYear, RunningClock
from app.tendering.tenders.service import visible


class PeriodRunning(Conflict):
    """A subject has one running period of a kind; a second one would change the day on which the first ends."""

    code, title = "period_running", "This period is already running for this subject"


def calendar_of(work: UnitOfWork) -> WorkingCalendar:
    """Return the library's calendar, overridden by the newest version of each year that officers added."""
    calendar = published()
    for row in work.session.scalars(select(CalendarYear).order_by(CalendarYear.id)):
        holidays, made_up = ([date.fromisoformat(day) for day in days] for days in (row.holidays, row.made_up))
        calendar = calendar.with_year(row.year, holidays, made_up)
    return calendar


def announce(work: UnitOfWork, body: CalendarYearIn) -> tuple[CalendarYear, int]:
    """Add a year's calendar and recompute every running period; return the number of changed periods."""
    try:
        checked_year(body.year, body.holidays, body.made_up)
    except CalendarRefused as refused:
        raise Invalid(faults=[Fault("calendar", str(refused), "/holidays")]) from None
    holidays, made_up = ([day.isoformat() for day in sorted(set(days))] for days in (body.holidays, body.made_up))
    row = CalendarYear(
        year=body.year, holidays=holidays, made_up=made_up, source=body.source, recorded_by=work.principal.id
    )
    work.session.add(row)
    work.session.flush()
    after = {"year": row.year, "source": row.source}
    work.record(Event.OFFICER_CALENDAR_ANNOUNCE, subject=row.id, after=after)
    return row, _recompute(work)


def _recompute(work: UnitOfWork) -> int:
    calendar, changed = calendar_of(work), 0
    for row in work.session.scalars(select(RunningClock).where(RunningClock.met_on.is_(None))):
        found = due(Clock(row.clock), row.started_on, calendar, row.days)
        if (found.day, found.provisional) == (row.due_on, row.provisional):
            continue
        before = {"dueOn": row.due_on, "provisional": row.provisional}
        _set(row, found)
        changed += 1
        after = {"dueOn": row.due_on, "provisional": row.provisional}
        work.record(Event.OFFICER_CLOCK_RECOMPUTE, subject=row.id, tender=row.tender_id, before=before, after=after)
    work.session.flush()
    return changed


def _set(row: RunningClock, found: Due) -> None:
    row.due_on, row.ends_at, row.provisional = found.day, found.ends_at, found.provisional


def begin(work: UnitOfWork, tender_id: str, body: ClockIn) -> RunningClock:
    """Start a period on behalf of an officer."""
    visible(work, tender_id)
    earlier = running(work, body.subject, body.clock, tender_id)
    if earlier is not None and earlier.met_on is None:
        raise PeriodRunning(article=PERIODS[body.clock].article)
    return start(work, tender_id, body.clock, body.subject, body.started_on)


def start(  # noqa: PLR0913
    work: UnitOfWork,
    tender_id: str,
    clock: Clock,
    subject: str,
    day: date,
    *,
    organization: str | None = None,
    days: int | None = None,
) -> RunningClock:
    """Start a period; the start day itself is not counted. `days` is required if the law does not fix the length."""
    row = RunningClock(
        tender_id=tender_id, clock=clock.value, subject_id=subject, organization_id=organization, started_on=day
    )
    row.days = days
    _set(row, due(clock, day, calendar_of(work), days))
    work.session.add(row)
    work.session.flush()
    after = {"clock": clock, "startedOn": day, "dueOn": row.due_on, "provisional": row.provisional}
    work.record(Event.OFFICER_CLOCK_START, subject=row.id, tender=tender_id, after=after)
    return row


def meet(work: UnitOfWork, row: RunningClock, day: date) -> RunningClock:
    """Record the day on which the obligation was met, also if it is after the last day."""
    if row.met_on is not None or day < row.started_on:
        raise Conflict("The period is already met, or had not begun on that day")
    row.met_on = day
    work.session.flush()
    work.record(Event.OFFICER_CLOCK_MEET, subject=row.id, tender=row.tender_id, after={"metOn": day})
    return row


def running(work: UnitOfWork, subject: str, clock: Clock, tender_id: str) -> RunningClock | None:
    """Return the newest period of a kind for a subject of a tender."""
    query = select(RunningClock).where(
        RunningClock.tender_id == tender_id, RunningClock.subject_id == subject, RunningClock.clock == clock.value
    )
    return work.session.scalar(query.order_by(RunningClock.id.desc()).limit(1))


def overdue_subjects(clock: Clock, today: date) -> Select[str]:
    """Return the subjects whose period of this kind has expired without being met."""
    late = RunningClock.due_on < today
    return select(RunningClock.subject_id).where(RunningClock.clock == clock.value, RunningClock.met_on.is_(None), late)


def listing(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Return the periods of a tender; a bidder sees those that apply to all and its own."""
    visible(work, tender_id)
    query = select(RunningClock).where(RunningClock.tender_id == tender_id)
    scope = work.principal.organization_scope
    if scope is not None:
        query = query.where(or_(RunningClock.organization_id.is_(None), RunningClock.organization_id == scope))
    return query


def find(work: UnitOfWork, tender_id: str, clock_id: str) -> RunningClock:
    """Return a period of a tender."""
    return work.get_within(RunningClock, clock_id, tender_id=tender_id)


def years() -> Select[Any]:
    """Return the years that officers added, every version."""
    return select(CalendarYear)


def clock_state(work: UnitOfWork) -> ClockState:
    """Return the service time, and the system clock's offset from it."""
    drift = work.platform.watch.drift if work.platform.watch else None
    jumped = None if drift is None else f"{drift.total_seconds():.3f}"
    return ClockState(now=work.now, jumped_seconds=jumped)


def acknowledge_clock(work: UnitOfWork, reason: str) -> ClockState:
    """Trust the system clock again after a person has confirmed it."""
    before = clock_state(work)
    if work.platform.watch is not None:
        work.platform.watch.acknowledge()
    after = {"reason": reason, "jumpedSeconds": before.jumped_seconds}
    work.record(Event.ADMIN_CLOCK_ACKNOWLEDGE, subject="clock", after=after)
    return clock_state(work)
