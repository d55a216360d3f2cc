"""Detect jumps of the wall clock that decides deadlines, by comparison with a monotonic clock.

A jump raises an alarm. It never reopens a deadline that has passed, and never makes one pass.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FORWARD = timedelta(seconds=5)
BACK = timedelta(milliseconds=100)  # smaller steps: a time service slewing the clock


@dataclass(frozen=True, slots=True)
class ClockSample:
    """The wall clock (aware) and a monotonic counter in seconds, read together."""

    wall: datetime
    steady: float


def expected_wall(anchor: ClockSample, steady: float) -> datetime:
    """Return the wall clock time expected now, had it run evenly since the anchor."""
    return anchor.wall + timedelta(seconds=steady - anchor.steady)


def jump(anchor: ClockSample, now: ClockSample) -> timedelta | None:
    """Return the jump of the wall clock since the anchor (back, or ahead by more than 5 s); None where it ran evenly."""
    drift = now.wall - expected_wall(anchor, now.steady)
    return drift if drift > FORWARD or drift < -BACK else None
