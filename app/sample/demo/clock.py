"""The demo's clock: it stands in a file, the demo turns it on, and the demo's service tells the time by it.

No setting of the service does this: whoever could turn the clock of a real instance could reopen its deadlines.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.procedure.deadlines import BEIJING

FILE = "clock"


def turn(file: Path, to: datetime) -> None:
    """Set the clock (aware); whoever reads meanwhile sees the old time or the new one."""
    new = file.with_suffix(".new")
    new.write_text(to.isoformat(), "ascii")
    new.replace(file)


def instant(text: str) -> datetime:
    """`2026-05-20 09:30` as the clock on a wall in China shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@dataclass(slots=True)
class TurnedClock:
    """Callable like any clock: the time in the file, running on from when it was first seen."""

    file: Path
    _set: str = ""
    _base: datetime = field(default_factory=lambda: instant("2000-01-01"))
    _since: float = 0.0

    def __call__(self) -> datetime:
        """Now (aware, UTC)."""
        told = self.file.read_text("ascii")
        if told != self._set:
            self._base, self._since = datetime.fromisoformat(told).astimezone(UTC), time.monotonic()
            self._set = told
        return self._base + timedelta(seconds=time.monotonic() - self._since)
