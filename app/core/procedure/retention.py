"""Retention of a procurement file 采购文件: at least fifteen years from the end of the procurement (政府采购法 第四十二条).

During retention a request for erasure is deferred (个人信息保护法 第四十七条第二款): data are only stored and protected.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LEAST_YEARS = 15


@dataclass(frozen=True, slots=True)
class Procurement:
    """A tender that personal data belong to; `ended_on` None: still running."""

    tender: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when data are kept; `until` None: no procurement file requires it; `running`: tenders that have not ended."""

    until: date | None
    running: tuple[str, ...] = ()

    def ended(self, day: date) -> bool:
        """Whether no retention duty applies any more on that day."""
        return not self.running and (self.until is None or day > self.until)


def retention(procurements: Iterable[Procurement], years: int = LEAST_YEARS) -> Retention:
    """Return the retention period by the latest end; ValueError for fewer years than the law requires."""
    if years < LEAST_YEARS:
        raise ValueError("a procurement file is kept for fifteen years at least")
    known = list(procurements)
    ends = [_later(one.ended_on, years) for one in known if one.ended_on is not None]
    return Retention(max(ends, default=None), tuple(one.tender for one in known if one.ended_on is None))


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: one day longer, never one day short
        return date(day.year + years, 3, 1)
