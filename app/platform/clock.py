"""The clock of an instance: the wall's time while it runs evenly; after a jump time runs on evenly and an alarm goes out.

So a jump, back or ahead, neither reopens a deadline nor closes one; a person looks, and acknowledges.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from app.core.procedure.clock_watch import Reading, expected_wall, jump

log = structlog.get_logger("bidscreen.clock")


def _wall() -> datetime:
    return datetime.now(UTC)


class WatchedClock:
    """Callable like any clock; the first reading is the anchor, and each even reading the next one."""

    def __init__(self, wall: Callable[[], datetime] = _wall, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._anchor = self._read()
        self._latest = self._anchor.wall
        self._drift: timedelta | None = None
        self._alarms: list[timedelta] = []

    def __call__(self) -> datetime:
        """Now (aware, UTC): never before what it said last."""
        with self._lock:
            now = self._read()
            drift = jump(self._anchor, now)
            self._notice(drift)
            if drift is None:
                self._anchor = now
            told = now.wall if drift is None else expected_wall(self._anchor, now.steady)
            self._latest = max(self._latest, told)
            return self._latest

    @property
    def drift(self) -> timedelta | None:
        """How far the wall clock is off since its jump; None while it can be believed."""
        return self._drift

    def take_alarms(self) -> list[timedelta]:
        """Jumps noticed since they were last taken: they go into the audit trail."""
        with self._lock:
            taken, self._alarms = self._alarms, []
            return taken

    def acknowledge(self) -> None:
        """A person has looked: the wall clock's time is right. Time never goes back behind what was said."""
        with self._lock:
            self._anchor, self._drift = self._read(), None

    def _read(self) -> Reading:
        return Reading(self._wall(), self._steady())

    def _notice(self, drift: timedelta | None) -> None:
        if drift is not None and self._drift is None:
            log.error("the clock jumped", seconds=round(drift.total_seconds(), 3))
            self._alarms.append(drift)
        self._drift = drift
