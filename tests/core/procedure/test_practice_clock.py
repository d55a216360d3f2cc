"""The clock of a practice tender runs on from where it was set, and both ways of reading it agree."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.procedure.practice_clock import FARTHEST, AdvanceRefused, PracticeClock

START = datetime(2026, 5, 1, 1, tzinfo=UTC)
HOURS = st.integers(min_value=1, max_value=2_000)


def clock(steps):
    """A clock advanced by so many hours each, after so many hours of real time."""
    made, now = PracticeClock(), START
    for waited, jumped in steps:
        now += timedelta(hours=waited)
        made = made.advanced(now, made.shown(now) + timedelta(hours=jumped))
    return made, now


def test_it_shows_real_time_until_it_is_advanced_and_runs_on_from_there():
    made = PracticeClock().advanced(START, START + timedelta(days=20))
    assert PracticeClock().shown(START) == START
    assert made.shown(START - timedelta(seconds=1)) == START - timedelta(seconds=1)
    assert made.shown(START + timedelta(hours=3)) == START + timedelta(days=20, hours=3)


@pytest.mark.parametrize("to", [timedelta(0), timedelta(days=-1), FARTHEST + timedelta(seconds=1)])
def test_it_never_goes_back_nor_beyond_ten_years(to):
    with pytest.raises(AdvanceRefused):
        PracticeClock().advanced(START, START + to)
    PracticeClock().advanced(START, START + timedelta(seconds=1))


@given(st.lists(st.tuples(HOURS, HOURS), max_size=5), st.integers(min_value=-500, max_value=20_000))
def test_the_real_instant_of_a_time_is_the_first_at_which_it_was_reached(steps, hours):
    made, _ = clock(steps)
    wanted = START + timedelta(hours=hours)
    real = made.real(wanted)
    assert made.shown(real) >= wanted
    assert made.shown(real - timedelta(microseconds=1)) < wanted


@given(st.lists(st.tuples(HOURS, HOURS), max_size=5), st.lists(st.integers(-500, 20_000), min_size=2, max_size=2))
def test_a_later_instant_never_shows_an_earlier_time(steps, hours):
    made, _ = clock(steps)
    earlier, later = (made.shown(START + timedelta(hours=one)) for one in sorted(hours))
    assert earlier <= later
