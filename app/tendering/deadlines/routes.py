"""Calendars and periods over HTTP."""

from fastapi import Response

from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.deadlines import service
from app.tendering.deadlines.schemas import (
    Acknowledgement,
    AnnouncedOut,
    CalendarYearIn,
    CalendarYearOut,
    ClockIn,
    ClockMet,
    ClockOut,
    ClockState,
)
from app.tendering.deadlines.tables import CalendarYear, RunningClock

router = Router(tags=["deadlines"])


@router.get("/clock")
def read_clock(work: Work) -> ClockState:
    """Return the service time used for deadlines, and whether the system clock agrees with it."""
    return service.clock_state(work)


@router.post("/clock/acknowledgement")
def acknowledge_clock(body: Acknowledgement, work: Work) -> ClockState:
    """Confirm that a clock jump was investigated: the service trusts the system clock again."""
    return service.acknowledge_clock(work, body.reason)


@router.post("/calendar/years", status_code=201)
def announce_calendar_year(body: CalendarYearIn, work: Work) -> AnnouncedOut:
    """Add a year from the State Council's notice and recompute running periods."""
    _, changed = service.announce(work, body)
    return AnnouncedOut(years=sorted(service.calendar_of(work).years), recomputed=changed)


@router.get("/calendar/years")
def list_calendar_years(work: Work, paging: Paging) -> Page[CalendarYearOut]:
    """List every version of the years that officers added; years of the built-in library are not included."""
    return paging.page(work.session, service.years(), key=CalendarYear.id, view=CalendarYearOut.of)


@router.post("/tenders/{tender_id}/clocks", status_code=201)
def start_clock(tender_id: Id, body: ClockIn, work: Work, response: Response) -> ClockOut:
    """Start a period from the day of an event."""
    row = service.begin(work, tender_id, body)
    response.headers["ETag"] = etag(row.version)
    return ClockOut.of(row)


@router.get("/tenders/{tender_id}/clocks")
def list_clocks(tender_id: Id, work: Work, paging: Paging) -> Page[ClockOut]:
    """List the periods of a tender."""
    return paging.page(work.session, service.listing(work, tender_id), key=RunningClock.id, view=ClockOut.of)


@router.post("/tenders/{tender_id}/clocks/{clock_id}/met")
def meet_clock(
    tender_id: Id, clock_id: Id, body: ClockMet, work: Work, if_match: IfMatch, response: Response
) -> ClockOut:
    """Record the day on which the obligation was met."""
    row = service.find(work, tender_id, clock_id)
    require_match(if_match, row.version)
    done = service.meet(work, row, body.met_on)
    response.headers["ETag"] = etag(done.version)
    return ClockOut.of(done)
