"""Last-use times of keys and sessions: collected in memory and written periodically, so that reads need no write lock."""

import threading
from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import Engine, or_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

Columns = Mapping[str, InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime]]

SECONDS = 30.0
log = structlog.get_logger("bidscreen.access")


class LastUse:
    """Collects last-use times and writes them every 30 s and at shutdown."""

    def __init__(self, engine: Engine, columns: Columns) -> None:
        """`columns`: the column to write, by prefix of the id."""
        self._engine = engine
        self._columns = columns
        self._seen: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, used: str, now: datetime) -> None:
        """Record a use of the key or session with this id."""
        with self._lock:
            self._seen[used] = now

    def noted(self, used: str) -> datetime | None:
        """Return the recorded use that is not written yet."""
        return self._seen.get(used)

    def start(self) -> None:
        """Start the writer thread."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="last-use", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write the rest and stop."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        self.write()

    def write(self) -> None:
        """Write all uses since the last call in one short transaction."""
        with self._lock:
            seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            with self._engine.begin() as connection:
                for used, when in seen.items():
                    column = self._columns[used.partition("_")[0]]
                    earlier = or_(column.is_(None), column < when)
                    change = update(column.class_).where(column.class_.id == used, earlier)
                    connection.execute(change.values({column.key: when}))
        except SQLAlchemyError as error:
            self._keep(seen)
            log.warning("last use of keys not written", keys=len(seen), error=type(error).__name__)

    def _keep(self, seen: Mapping[str, datetime]) -> None:
        """Put back what could not be written; the next round tries again."""
        with self._lock:
            self._seen = {**seen, **self._seen}

    def _run(self) -> None:
        while not self._stop.wait(SECONDS):
            self.write()
