"""The clock of an instance: wall time until it jumps; then time runs on steadily and an alarm is raised.

A jump in either direction therefore neither reopens nor passes a deadline; an administrator acknowledges it.
"""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import structlog

from app.core.procedure.clock_watch import BACK, ClockSample, expected_wall, jump

log = structlog.get_logger("bidscreen.clock")


def _wall() -> datetime:
    return datetime.now(UTC)


class WatchedClock:
    """A callable clock; its anchor is the last reading without a jump."""

    def __init__(self, wall: Callable[[], datetime] = _wall, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._anchor = self._read()
        self._latest = self._anchor.wall
        self._drift: timedelta | None = None
        self._alarms: list[timedelta] = []

    def __call__(self) -> datetime:
        """Return the current time (aware, UTC), never earlier than the last result."""
        with self._lock:
            now = self._read()
            drift = jump(self._anchor, now)
            self._notice(drift)
            if drift is None:
                self._anchor = now
            told = now.wall if drift is None else expected_wall(self._anchor, now.steady)
            self._latest = max(self._latest, told)
            return self._latest

    def resume(self, seen: datetime | None) -> None:
        """Go on from the latest time that an earlier process has seen: a clock set back meanwhile is a jump."""
        with self._lock:
            now = self._read()
            self._anchor = ClockSample(seen, now.steady) if seen is not None and seen > now.wall + BACK else now
            self._latest = max(self._latest, self._anchor.wall)
            drift = jump(self._anchor, now)
            if drift is not None and self._drift is None:
                self._alarms.append(drift)
            self._drift = drift

    @property
    def drift(self) -> timedelta | None:
        """The offset of the wall clock since its jump; None if there was none."""
        return self._drift

    def take_alarms(self) -> list[timedelta]:
        """Jumps detected since the last call, for the audit trail."""
        with self._lock:
            taken, self._alarms = self._alarms, []
            return taken

    def put_back(self, alarms: Iterable[timedelta]) -> None:
        """Return alarms that could not be recorded."""
        with self._lock:
            self._alarms = [*alarms, *self._alarms]

    def acknowledge(self) -> None:
        """Accept the wall clock as correct again. Time never goes back."""
        with self._lock:
            self._anchor, self._drift = self._read(), None

    def _read(self) -> ClockSample:
        return ClockSample(self._wall(), self._steady())

    def _notice(self, drift: timedelta | None) -> None:
        if drift is not None and self._drift is None:
            log.error("the clock jumped", seconds=round(drift.total_seconds(), 3))
            self._alarms.append(drift)
        self._drift = drift
