"""How long a procurement file 采购文件 is kept: at least fifteen years from the end of the procurement (政府采购法 art 42).

While a duty to keep holds, a person's demand for erasure waits (PIPL art 47, last paragraph): data are stored and protected only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LEAST_YEARS = 15


@dataclass(frozen=True, slots=True)
class Procurement:
    """A tender that somebody's data belong to; `ended_on` None: it still runs."""

    tender: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when data are kept: `until` None: no procurement file holds them; `running`: tenders that have not ended."""

    until: date | None
    running: tuple[str, ...] = ()

    def ended(self, day: date) -> bool:
        """Whether nothing asks to keep the data any more on that day."""
        return not self.running and (self.until is None or day > self.until)


def retention(procurements: Iterable[Procurement], years: int = LEAST_YEARS) -> Retention:
    """The latest end counts; ValueError for fewer years than the law asks for."""
    if years < LEAST_YEARS:
        raise ValueError("a procurement file is kept for fifteen years at least")
    known = list(procurements)
    ends = [_later(one.ended_on, years) for one in known if one.ended_on is not None]
    return Retention(max(ends, default=None), tuple(one.tender for one in known if one.ended_on is None))


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: a day longer, never a day short
        return date(day.year + years, 3, 1)
