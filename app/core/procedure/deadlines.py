"""Deadlines and periods of the procedure, counted in Chinese calendar days (UTC+08:00).

The day of the event is not counted; a last day that is not a working day moves to the next working day (民法典 第二百零一条, 第二百零三条).
Working days are data: the State Council announces holidays and make-up days (调休) one year at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Literal

BEIJING = timezone(timedelta(hours=8), "UTC+08:00")  # one zone for the whole country, no summer time since 1992
BIDDING_DAYS = 20  # 政府采购法 第三十五条: from the publication of the tender documents to the bid deadline
AMENDMENT_DAYS = 15  # 财政部令第87号 第二十七条: from a change that affects the bids to the bid deadline
_WEEKEND = 5


def day_in_china(instant: datetime) -> date:
    """Return the calendar day of an instant (aware) in China."""
    return instant.astimezone(BEIJING).date()


def bidding_period_too_short(published: datetime, deadline: datetime) -> bool:
    """Whether fewer than 20 days lie between publication and deadline (政府采购法 第三十五条)."""
    return deadline - published < timedelta(days=BIDDING_DAYS)


def deadline_after_amendment(amended: datetime, deadline: datetime, *, affects_bids: bool) -> datetime:
    """Return the bid deadline after an amendment: at least 15 days later where the amendment affects bids.

    财政部令第87号 第二十七条. Never earlier than before.
    """
    return max(deadline, amended + timedelta(days=AMENDMENT_DAYS)) if affects_bids else deadline


class Unit(StrEnum):
    """Unit in which a period is counted."""

    WORKING_DAYS = "working_days"
    DAYS = "days"


class Clock(StrEnum):
    """The periods of the procedure 期限."""

    REPORT = "report"
    DECISION = "decision"
    NOTICE = "notice"
    QUESTION = "question"
    ANSWER = "answer"
    COMPLAINT = "complaint"
    SUSPENSION = "suspension"
    SIGNING = "signing"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Period:
    """A number of days of a unit, the article, and the event from which they are counted."""

    days: int
    unit: Unit
    article: str
    counted_from: str


PERIODS: Mapping[Clock, Period] = {
    Clock.REPORT: Period(2, Unit.WORKING_DAYS, "财政部令第87号 第六十八条", "the end of the evaluation"),
    Clock.DECISION: Period(5, Unit.WORKING_DAYS, "财政部令第87号 第六十八条", "the arrival of the evaluation report"),
    Clock.NOTICE: Period(2, Unit.WORKING_DAYS, "财政部令第87号 第六十九条", "the decision on the winner"),
    Clock.QUESTION: Period(7, Unit.WORKING_DAYS, "政府采购法 第五十二条", "the day the supplier knew of the harm"),
    Clock.ANSWER: Period(7, Unit.WORKING_DAYS, "政府采购法 第五十三条", "the arrival of the question"),
    Clock.COMPLAINT: Period(15, Unit.WORKING_DAYS, "政府采购法 第五十五条", "the end of the period for the answer"),
    Clock.SUSPENSION: Period(30, Unit.DAYS, "政府采购法 第五十七条", "the finance department's order"),
    Clock.SIGNING: Period(30, Unit.DAYS, "政府采购法 第四十六条", "the award notice"),
    # The law grants the right without a period: 7 days as for a query (政府采购法 第五十三条) unless set otherwise.
    Clock.REVIEW: Period(7, Unit.WORKING_DAYS, "个人信息保护法 第二十四条", "the arrival of the request"),
}


# The periods whose event happens outside the service; it starts the others itself, when their event is recorded.
StartedByOfficer = Literal[Clock.REPORT, Clock.DECISION, Clock.NOTICE, Clock.SUSPENSION]


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days of the announced years; for other years only weekends are known."""

    years: frozenset[int]
    holidays: frozenset[date]
    make_up_days: frozenset[date]  # 调休: weekend days that are working days

    def works(self, day: date) -> bool:
        """Whether the day is a working day 工作日, as far as announced."""
        return day in self.make_up_days or (day.weekday() < _WEEKEND and day not in self.holidays)

    def with_year(self, year: int, holidays: Iterable[date], make_up_days: Iterable[date]) -> "WorkingCalendar":
        """Return the calendar with one year added or replaced."""
        kept_holidays = frozenset(day for day in self.holidays if day.year != year)
        kept_make_up_days = frozenset(day for day in self.make_up_days if day.year != year)
        return WorkingCalendar(
            self.years | {year}, kept_holidays | set(holidays), kept_make_up_days | set(make_up_days)
        )


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period; `provisional` where it spans a year that is not announced yet."""

    day: date
    provisional: bool

    @property
    def ends_at(self) -> datetime:
        """Return the first instant after the period: the last day ends at 24:00 in China (民法典 第二百零三条第二款)."""
        return datetime.combine(self.day + timedelta(days=1), datetime.min.time(), BEIJING)


def due(clock: Clock, start: date, calendar: WorkingCalendar, days: int | None = None) -> Due:
    """Compute the end of a period that starts with the event on `start`, which is not counted (民法典 第二百零一条).

    `days` replaces the number of days where the law leaves it to the agency.
    """
    period = PERIODS[clock]
    return due_after(start, period.days if days is None else days, period.unit, calendar)


def due_after(start: date, days: int, unit: Unit, calendar: WorkingCalendar) -> Due:
    """Compute the last day of a period of `days` days after `start`."""
    last = _nth_working_day(start, days, calendar) if unit is Unit.WORKING_DAYS else start + timedelta(days=days)
    while not calendar.works(last):
        last += timedelta(days=1)
    counted = range(start.year, last.year + 1)
    return Due(last, not calendar.years.issuperset(counted))


def _nth_working_day(start: date, days: int, calendar: WorkingCalendar) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= calendar.works(day)
    return day


class CalendarRefused(ValueError):
    """An invalid calendar of a year; the message states what was expected."""


def checked_year(year: int, holidays: Iterable[date], make_up_days: Iterable[date]) -> None:
    """Raise CalendarRefused unless all days are in the year, make-up days are weekend days, and no day is both."""
    off, on = set(holidays), set(make_up_days)
    if any(day.year != year for day in off | on):
        raise CalendarRefused("Only days of the announced year are expected")
    if any(day.weekday() < _WEEKEND for day in on):
        raise CalendarRefused("A make-up working day is expected to be a Saturday or a Sunday")
    if off & on:
        raise CalendarRefused("No day is expected to be both a holiday and a make-up working day")
    if not any(day.weekday() < _WEEKEND for day in off):
        raise CalendarRefused("Holidays of a year that include days other than weekends are expected")
