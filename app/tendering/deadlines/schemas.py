"""Calendars and periods on the wire."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from app.core.procedure.deadlines import PERIODS, Clock, StartedByOfficer, Unit
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Chars, Day, Token, whole
from app.tendering.deadlines.tables import CalendarYear, RunningClock

Days = Annotated[list[Day], Field(max_length=120)]


class CalendarYearIn(Input):
    """A year from the State Council's notice: days off, and weekend days that are worked (调休)."""

    year: Annotated[int, whole(2004, 2199)]
    holidays: Days
    made_up: Days
    source: Annotated[str, Chars(1, 400)]


class CalendarYearOut(Output):
    """An announced year."""

    id: str
    year: int
    holidays: list[date]
    made_up: list[date]
    source: str
    recorded_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: CalendarYear) -> Self:
        """Build from its row."""
        return cls.model_validate(row)


class AnnouncedOut(Output):
    """The known years, and the periods recomputed after a year was added."""

    years: list[int]
    recomputed: int


class Acknowledgement(Input):
    """Findings of the investigation of a clock jump."""

    reason: Annotated[str, Chars(1, 2_000)]


class ClockState(Output):
    """The service's time; `jumpedSeconds` is the system clock's offset from it, null if they agree."""

    now: datetime
    jumped_seconds: str | None


class ClockIn(Input):
    """A period from the day of an event, such as the award decision; the service starts all others itself."""

    clock: StartedByOfficer
    started_on: Day
    subject: Token


class ClockMet(Input):
    """The day on which the obligation was met."""

    met_on: Day


class ClockOut(OfTender):
    """A running period: its last day (till 24:00 in China), and whether a year is still to be announced."""

    id: str
    tender_id: str
    clock: Clock
    subject: str
    started_on: date
    due_on: date
    ends_at: datetime
    provisional: bool
    met_on: date | None
    days: int
    unit: Unit
    article: str
    version: int

    @classmethod
    def of(cls, row: RunningClock) -> Self:
        """Build from its row."""
        period = PERIODS[Clock(row.clock)]
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            clock=Clock(row.clock),
            subject=row.subject_id,
            started_on=row.started_on,
            due_on=row.due_on,
            ends_at=row.ends_at,
            provisional=row.provisional,
            met_on=row.met_on,
            days=period.days if row.days is None else row.days,
            unit=period.unit,
            article=period.article,
            version=row.version,
        )
