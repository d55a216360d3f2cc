"""Whether the clock that decides about deadlines can be believed: its time is compared with a steady one that only counts.

A jump is an alarm for people. It never reopens a deadline that has passed, nor lets one pass by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FORWARD = timedelta(seconds=5)
BACK = timedelta(milliseconds=100)  # below that, a time service is putting a clock right by slowing it down


@dataclass(frozen=True, slots=True)
class Reading:
    """The wall clock (aware) and the seconds of a steady counter, read together."""

    wall: datetime
    steady: float


def expected_wall(anchor: Reading, steady: float) -> datetime:
    """What the wall clock would say now had it run on evenly since the anchor."""
    return anchor.wall + timedelta(seconds=steady - anchor.steady)


def jump(anchor: Reading, now: Reading) -> timedelta | None:
    """How far the wall clock jumped since the anchor: back, or ahead by more than 5 s; None where it ran evenly."""
    drift = now.wall - expected_wall(anchor, now.steady)
    return drift if drift > FORWARD or drift < -BACK else None
