"""Months, the unit of insurance payments."""

from datetime import date

import pytest

from app.core.staff.insurance import Coverage, coverage
from app.core.values.months import Month, insurance_window, merged


@pytest.mark.parametrize("text", ["2017-01", "0001-01", "9999-12"])
def test_read_and_written(text: str) -> None:
    assert str(Month.parse(text)) == repr(Month.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "2017", "2017-1", "2017-00", "2017-13", "0000-05", "2017/05", "２０１７-05", "20170-5"]
)
def test_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        Month.parse(text)


@pytest.mark.parametrize(
    ("day", "months", "first", "last"),
    [
        ("2017-05-01", 3, "2017-02", "2017-04"),
        ("2017-05-31", 3, "2017-02", "2017-04"),
        ("2017-01-01", 1, "2016-12", "2016-12"),
        ("2017-03-15", 12, "2016-03", "2017-02"),
    ],
)
def test_the_window_ends_before_the_month_of_the_day(day: str, months: int, first: str, last: str) -> None:
    assert insurance_window(date.fromisoformat(day), months) == (Month.parse(first), Month.parse(last))


@pytest.mark.parametrize(
    ("periods", "joined"),
    [
        ([], []),
        ([(1, 2), (3, 4)], [(1, 4)]),
        ([(3, 4), (1, 2)], [(1, 4)]),
        ([(1, 2), (4, 5)], [(1, 2), (4, 5)]),
        ([(1, 9), (2, 3)], [(1, 9)]),
        ([(1, 3), (2, 5)], [(1, 5)]),
    ],
)
def test_periods_that_meet_are_one(periods: list[tuple[int, int]], joined: list[tuple[int, int]]) -> None:
    assert merged(periods) == joined


def _span(text: str) -> tuple[Month, Month]:
    first, last = text.split("/")
    return Month.parse(first), Month.parse(last)


@pytest.mark.parametrize(
    ("paid", "contract", "expected"),
    [
        (["2017-02/2017-04"], "2016-01-01", Coverage.WHOLE),
        (["2017-02/2017-03", "2017-04/2017-04"], "2016-01-01", Coverage.WHOLE),
        (["2017-03/2017-04"], "2016-01-01", Coverage.SHORT),
        (["2017-03/2017-04"], "2017-02-28", Coverage.TOO_NEW),
        (["2017-04/2017-04"], "2017-02-28", Coverage.SHORT),
        (["2017-05/2017-05"], "2017-04-30", Coverage.TOO_NEW),
        (["2017-05/2017-05"], "2017-05-01", Coverage.SHORT),
        (["2017-05/2017-05"], None, Coverage.UNPROVEN),
        (["2017-06/2017-06"], None, Coverage.SHORT),
        (["2016-01/2017-03"], None, Coverage.SHORT),
        ([], "2017-04-01", Coverage.SHORT),
    ],
)
def test_coverage(paid: list[str], contract: str | None, expected: Coverage) -> None:
    begun = date.fromisoformat(contract) if contract else None
    assert coverage([_span(one) for one in paid], _span("2017-02/2017-04"), begun) is expected
