"""The time of a tender: real time, or that of its practice clock 演练时钟.

Everything that a tender's procedure counts from asks here, so deadlines, openings and periods of a practice tender
follow its clock. The audit trail states the real time.
"""

from datetime import date, datetime

from app.core.procedure.deadlines import day_in_china
from app.core.procedure.practice_clock import Advance, AdvanceRefused, PracticeClock
from app.platform.audit.events import Event
from app.platform.database.identifiers import is_practice
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.tables import Tender

MARK = "【演练】"  # before the title, hence on every notice and report that names the tender


class NotPractice(Conflict):
    """Only a tender that was created for practice has a clock that can be advanced."""

    code, title = "not_practice", "The clock of a real tender cannot be advanced"


def marked(title: str, *, practice: bool) -> str:
    """Return the title of a tender as it is kept; that of a practice tender always says so."""
    return f"{MARK}{title}" if practice and not title.startswith(MARK) else title


def time_of(work: UnitOfWork, tender: Tender) -> datetime:
    """Return the tender's present time (aware)."""
    return clock_of(tender).shown(work.now)


def tender_time(work: UnitOfWork, tender_id: str) -> datetime:
    """Return the present time of a tender by its id (aware)."""
    return time_of(work, work.get(Tender, tender_id)) if is_practice(tender_id) else work.now


def tender_day(work: UnitOfWork, tender_id: str) -> date:
    """Return the present day of a tender in China."""
    return day_in_china(tender_time(work, tender_id))


def shown_at(work: UnitOfWork, tender_id: str, real: datetime) -> datetime:
    """Return what the tender's clock showed at a real instant, such as the arrival of a bid."""
    return clock_of(work.get(Tender, tender_id)).shown(real) if is_practice(tender_id) else real


def real_deadline(tender: Tender) -> datetime | None:
    """Return the real instant of the bid deadline, to compare it with when a dossier's parts were recorded."""
    return None if tender.bid_deadline is None else clock_of(tender).real(tender.bid_deadline)


def clock_of(tender: Tender) -> PracticeClock:
    """Return the tender's clock; that of a real tender shows real time."""
    advances = (Advance(*map(datetime.fromisoformat, pair)) for pair in tender.practice_advances)
    return PracticeClock(tuple(advances))


def advance(work: UnitOfWork, tender: Tender, to: datetime) -> Tender:
    """Advance the clock of a practice tender."""
    if not is_practice(tender.id):
        raise NotPractice
    before = time_of(work, tender)
    try:
        clock = clock_of(tender).advanced(work.now, to)
    except AdvanceRefused as refused:
        raise Invalid(faults=[Fault("practice_clock", str(refused), "/to")]) from None
    tender.practice_advances = [[one.at.isoformat(), one.to.isoformat()] for one in clock.advances]
    work.session.flush()
    shown = {"before": {"clock": before.isoformat()}, "after": {"clock": to.isoformat()}}
    work.record(Event.OFFICER_PRACTICE_ADVANCE, subject=tender.id, tender=tender.id, **shown)
    return tender
