"""What counts at the deadline (财政部令第87号 第三十三条、第五十一条)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.procedure.at_deadline import Arrival, Recorded, arrival, in_force

LINE = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
BEFORE, AFTER = LINE - timedelta(microseconds=1), LINE + timedelta(days=3)


@pytest.mark.parametrize(
    ("recorded_at", "given_at", "clarified", "expected"),
    [
        (BEFORE, BEFORE, (), Arrival.IN_TIME),
        (LINE, LINE, (), Arrival.LATE),
        (AFTER, BEFORE, (), Arrival.READ_LATER),
        (AFTER, AFTER, ("a",), Arrival.CLARIFICATION),
        (AFTER, AFTER, ("b",), Arrival.LATE),
        (AFTER, BEFORE, ("a",), Arrival.READ_LATER),
    ],
)
def test_arrival(recorded_at, given_at, clarified, expected):
    assert arrival(Recorded("a", recorded_at, given_at), LINE, clarified) is expected


def test_without_a_deadline_everything_is_in_time():
    assert arrival(Recorded("a", AFTER, AFTER), None) is Arrival.IN_TIME


def test_a_new_reading_of_an_old_file_does_not_displace_a_newer_fact():
    file = Recorded("file", BEFORE - timedelta(days=2), BEFORE - timedelta(days=2))
    typed = Recorded("typed", BEFORE - timedelta(days=1), BEFORE - timedelta(days=1))
    again = Recorded("again", AFTER, file.given_at)
    assert in_force([file, typed, again], LINE) == typed
    assert in_force([file, again], LINE) == again
    assert in_force([Recorded("late", AFTER, AFTER)], LINE) is None
