"""The clock of a practice tender 演练项目: real time until an officer advances it, from then on that much ahead.

It runs at the speed of real time and never goes back, so a deadline that has passed stays passed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FARTHEST = timedelta(days=3653)  # ten years ahead of real time


class AdvanceRefused(ValueError):
    """An advance to a time that the clock has passed, or too far ahead; the message states what was expected."""


@dataclass(frozen=True, slots=True)
class Advance:
    """At the real instant `at` the clock was set to `to`; both aware."""

    at: datetime
    to: datetime


@dataclass(frozen=True, slots=True)
class PracticeClock:
    """The advances in order; without any, the clock shows real time."""

    advances: tuple[Advance, ...] = ()

    def shown(self, real: datetime) -> datetime:
        """Return what the clock showed at a real instant."""
        last = next((one for one in reversed(self.advances) if one.at <= real), None)
        return real if last is None else last.to + (real - last.at)

    def real(self, shown: datetime) -> datetime:
        """Return the first real instant at which the clock showed this time or a later one."""
        last: Advance | None = None
        for one in self.advances:
            instant = shown if last is None else last.at + (shown - last.to)
            if instant < one.at:
                return instant
            if shown <= one.to:
                return one.at  # the clock jumped over it
            last = one
        return shown if last is None else last.at + (shown - last.to)

    def advanced(self, now: datetime, to: datetime) -> "PracticeClock":
        """Return the clock set to `to` at the real instant `now`. Errors: AdvanceRefused."""
        if to <= self.shown(now):
            raise AdvanceRefused("A time later than the one that the clock shows is expected")
        if to - now > FARTHEST:
            raise AdvanceRefused("A time at most ten years ahead is expected")
        return PracticeClock((*self.advances, Advance(now, to)))
