"""Fifteen years from the end of the procurement (政府采购法 art 42), counted from the last tender."""

from datetime import date

import pytest

from app.core.procedure.retention import Procurement, Retention, retention


@pytest.mark.parametrize(
    ("ends", "until", "why"),
    [
        ([], None, "no procurement file holds it: no duty to keep"),
        ([date(2026, 5, 20)], date(2041, 5, 20), "fifteen years"),
        ([date(2026, 5, 20), date(2030, 1, 1)], date(2045, 1, 1), "the last tender counts"),
        ([date(2024, 2, 29)], date(2039, 3, 1), "a leap day is never a day short"),
    ],
)
def test_until_when(ends, until, why):
    assert retention(Procurement(f"t{n}", day) for n, day in enumerate(ends)) == Retention(until), why


@pytest.mark.parametrize(
    ("day", "ended"),
    [(date(2041, 5, 19), False), (date(2041, 5, 20), False), (date(2041, 5, 21), True)],
)
def test_the_last_day_is_kept_too(day, ended):
    assert retention([Procurement("t", date(2026, 5, 20))]).ended(day) is ended


def test_what_runs_is_kept_whatever_the_day():
    found = retention([Procurement("old", date(1990, 1, 1)), Procurement("new", None)])
    assert found.running == ("new",)
    assert not found.ended(date(2100, 1, 1))


def test_without_a_tender_it_may_go_at_once():
    assert retention([]).ended(date(2026, 1, 1))


def test_fewer_years_than_the_law_asks_for_are_refused():
    with pytest.raises(ValueError, match="fifteen"):
        retention([], 14)
