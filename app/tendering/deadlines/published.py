"""The chinesecalendar package as a calendar: the State Council's notices up to the last year it contains."""

from datetime import date
from functools import cache

from chinese_calendar import holidays, workdays

from app.core.procedure.deadlines import WorkingCalendar


@cache
def published() -> WorkingCalendar:
    """Return holidays and make-up working days (调休) of every year in the library; later years are never guessed."""
    off: list[date] = list(holidays)
    years = frozenset(range(min(off).year, max(off).year + 1))
    return WorkingCalendar(years, frozenset(off), frozenset(workdays))
