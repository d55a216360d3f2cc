"""The calendar that chinesecalendar carries: the State Council's notices up to the last year it knows."""

from datetime import date
from functools import cache

from chinese_calendar import holidays, workdays

from app.core.procedure.deadlines import WorkingCalendar


@cache
def published() -> WorkingCalendar:
    """Holidays and made-up working days (调休) of every year in the library; no year beyond is guessed."""
    off: list[date] = list(holidays)
    years = frozenset(range(min(off).year, max(off).year + 1))
    return WorkingCalendar(years, frozenset(off), frozenset(workdays))
