"""The demo's clock: a time in a file, set by the demo and read by the demo's service.

No setting of a real instance does this: changing its clock could reopen deadlines.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.procedure.deadlines import BEIJING

FILE = "clock"


def turn(file: Path, to: datetime) -> None:
    """Set the clock (aware time), atomically for readers."""
    new = file.with_suffix(".new")
    new.write_text(to.isoformat(), "ascii")
    new.chmod(0o600)
    new.replace(file)


def instant(text: str) -> datetime:
    """`2026-05-20 09:30` as the clock on a wall in China shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@dataclass(slots=True)
class TurnedClock:
    """A clock that returns the time in the file, running on from when it was first read."""

    file: Path
    _set: str = ""
    _base: datetime = field(default_factory=lambda: instant("2000-01-01"))
    _since: float = 0.0

    def __call__(self) -> datetime:
        """Now (aware, UTC)."""
        text = self.file.read_text("ascii")
        if text != self._set:
            self._base, self._since = datetime.fromisoformat(text).astimezone(UTC), time.monotonic()
            self._set = text
        return self._base + timedelta(seconds=time.monotonic() - self._since)
