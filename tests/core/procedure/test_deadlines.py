"""Periods of the procedure: the first day is not counted, the last day moves to a working day, 调休 counts, unknown
years are provisional.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.procedure.clock_watch import ClockSample, jump
from app.core.procedure.deadlines import (
    PERIODS,
    CalendarRefused,
    Clock,
    Unit,
    WorkingCalendar,
    bidding_period_too_short,
    checked_year,
    day_in_china,
    deadline_after_amendment,
    due,
    due_after,
)

# The State Council's notice for 2025: Spring Festival 28 January to 4 February, with make-up days 26 January and 8
# February; National Day 1 to 8 October, with make-up days 28 September and 11 October.
OFF = [date(2025, 1, 1), *(date(2025, 1, 28) + timedelta(days=n) for n in range(8))]
OFF += [date(2025, 10, n) for n in range(1, 9)]
ON = [date(2025, 1, 26), date(2025, 2, 8), date(2025, 9, 28), date(2025, 10, 11)]
CALENDAR = WorkingCalendar(frozenset({2025}), frozenset(OFF), frozenset(ON))


@pytest.mark.parametrize(
    ("clock", "start", "last", "why"),
    [
        (Clock.REPORT, date(2025, 3, 3), date(2025, 3, 5), "Monday: Tuesday and Wednesday"),
        (Clock.DECISION, date(2025, 3, 5), date(2025, 3, 12), "five working days over a weekend"),
        (Clock.NOTICE, date(2025, 3, 7), date(2025, 3, 11), "Friday: Monday and Tuesday"),
        (Clock.DECISION, date(2025, 1, 23), date(2025, 2, 6), "24, make-up Sunday 26, 27, then 5 and 6 February"),
        (Clock.QUESTION, date(2025, 9, 25), date(2025, 10, 11), "26, Sunday 28, 29, 30, then 9, 10, Saturday 11"),
        (Clock.ANSWER, date(2025, 3, 1), date(2025, 3, 11), "begins on a Saturday: the day itself is never counted"),
        (Clock.COMPLAINT, date(2025, 3, 3), date(2025, 3, 24), "fifteen working days"),
        (Clock.SUSPENSION, date(2025, 8, 31), date(2025, 9, 30), "thirty days by the calendar"),
        (Clock.SIGNING, date(2025, 9, 3), date(2025, 10, 9), "the last day is a holiday: it rolls on"),
        (Clock.REVIEW, date(2025, 3, 3), date(2025, 3, 12), "seven working days over a weekend"),
        (Clock.SIGNING, date(2025, 8, 29), date(2025, 9, 28), "the last day is a make-up Sunday: it stays"),
    ],
)
def test_each_period_ends_when_the_law_says(clock, start, last, why):
    found = due(clock, start, CALENDAR)
    assert (found.day, found.provisional) == (last, False), why


def test_every_clock_has_its_article():
    assert set(PERIODS) == set(Clock)
    assert {clock: PERIODS[clock].days for clock in Clock} == {
        Clock.REPORT: 2, Clock.DECISION: 5, Clock.NOTICE: 2, Clock.QUESTION: 7, Clock.ANSWER: 7, Clock.COMPLAINT: 15,
        Clock.SUSPENSION: 30, Clock.SIGNING: 30, Clock.REVIEW: 7,
    }  # fmt: skip
    assert all(period.article for period in PERIODS.values())


def test_a_year_that_is_not_announced_is_provisional_until_its_file_comes():
    before = due(Clock.QUESTION, date(2025, 12, 29), CALENDAR)
    assert (before.day, before.provisional) == (date(2026, 1, 7), True)
    announced = CALENDAR.with_year(2026, [date(2026, 1, 1), date(2026, 1, 2)], [date(2026, 1, 4)])
    after = due(Clock.QUESTION, date(2025, 12, 29), announced)
    assert (after.day, after.provisional) == (date(2026, 1, 8), False)
    again = announced.with_year(2026, [date(2026, 1, 1)], [])
    assert due(Clock.QUESTION, date(2025, 12, 29), again).day == date(2026, 1, 8)
    assert announced.works(date(2025, 10, 11)), "the other years stay"


def test_a_period_ends_at_midnight_in_china():
    assert due(Clock.REPORT, date(2025, 3, 3), CALENDAR).ends_at == datetime(2025, 3, 5, 16, tzinfo=UTC)
    assert day_in_china(datetime(2025, 3, 5, 16, tzinfo=UTC)) == date(2025, 3, 6)


def test_twenty_days_to_bid_and_fifteen_after_a_change():
    published = datetime(2025, 3, 3, 1, 30, tzinfo=UTC)
    assert bidding_period_too_short(published, published + timedelta(days=20, microseconds=-1))
    assert not bidding_period_too_short(published, published + timedelta(days=20))
    deadline = published + timedelta(days=20)
    assert deadline_after_amendment(published, deadline, affects_bids=True) == deadline
    late = published + timedelta(days=10)
    assert deadline_after_amendment(late, deadline, affects_bids=True) == late + timedelta(days=15)
    assert deadline_after_amendment(late, deadline, affects_bids=False) == deadline


@pytest.mark.parametrize(
    ("holidays", "make_up_days", "expected"),
    [
        ([date(2026, 1, 1), date(2027, 1, 1)], [], "announced year"),
        ([date(2026, 1, 1)], [date(2026, 1, 5)], "Saturday or a Sunday"),
        ([date(2026, 1, 1), date(2026, 1, 4)], [date(2026, 1, 4)], "both"),
        ([date(2026, 1, 3)], [], "other than weekends"),
    ],
)
def test_a_calendar_that_cannot_be_right_is_refused(holidays, make_up_days, expected):
    with pytest.raises(CalendarRefused, match=expected):
        checked_year(2026, holidays, make_up_days)


def test_a_calendar_that_can_be_right_is_taken():
    checked_year(2025, OFF, ON)


@given(st.dates(date(2025, 1, 1), date(2025, 11, 1)), st.integers(1, 20))
def test_a_last_day_is_always_worked_and_working_days_in_between_are_counted(start, days):
    last = due_after(start, days, Unit.WORKING_DAYS, CALENDAR).day
    between = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert CALENDAR.works(last)
    assert sum(map(CALENDAR.works, between)) == days
    assert due_after(start, days, Unit.DAYS, CALENDAR).day <= last
    assert (
        due_after(start, days, Unit.WORKING_DAYS, CALENDAR).day
        <= due_after(start, days + 1, Unit.WORKING_DAYS, CALENDAR).day
    )


NOON = datetime(2025, 3, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "steady", "alarm"),
    [
        (60.0, 60.0, False),
        (64.9, 60.0, False),
        (65.1, 60.0, True),
        (59.95, 60.0, False),
        (59.5, 60.0, True),
        (-1.0, 0.0, True),
    ],
)
def test_a_clock_that_jumps_is_noticed(wall, steady, alarm):
    found = jump(ClockSample(NOON, 100.0), ClockSample(NOON + timedelta(seconds=wall), 100.0 + steady))
    assert (found is not None) is alarm
    assert found is None or found == timedelta(seconds=wall - steady)
