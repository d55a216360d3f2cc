"""Calendar months, the unit in which social insurance is paid."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date


class Month(int):
    """A calendar month as its ordinal (year × 12 + month − 1); compares and counts as an integer."""

    __slots__ = ()

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month that contains a day."""
        return cls(day.year * 12 + day.month - 1)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Parse `YYYY-MM`; ValueError where it is not a month."""
        if len(text) != 7 or text[4] != "-" or not (text.isascii() and text[:4].isdigit() and text[5:].isdigit()):
            raise ValueError("a month is written YYYY-MM")
        year, month = int(text[:4]), int(text[5:])
        if year < 1 or not 1 <= month <= 12:
            raise ValueError("a month is written YYYY-MM")
        return cls(year * 12 + month - 1)

    def __str__(self) -> str:
        return f"{self // 12:04d}-{self % 12 + 1:02d}"

    __repr__ = __str__


def insurance_window(as_of: date, months: int) -> tuple[Month, Month]:
    """Return first and last of the `months` months before the month of `as_of`."""
    last = Month.of(as_of) - 1
    return Month(last - months + 1), Month(last)


def months_later(day: date, months: int) -> date:
    """Return the same day that many months later, the last day of the month where it is shorter."""
    ordinal = day.year * 12 + day.month - 1 + months
    year, month = ordinal // 12, ordinal % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def merged(periods: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return periods (first, last month), sorted, merged where they overlap or are adjacent."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(periods):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
