"""When a key was last used: noted in memory, written now and then, so that reading needs no write lock."""

import threading
from datetime import datetime

import structlog
from sqlalchemy import Engine, or_, update
from sqlalchemy.exc import SQLAlchemyError

from app.access.tables import ApiKey

SECONDS = 30.0
log = structlog.get_logger("bidscreen.access")


class LastUse:
    """Collects uses and writes them every half minute and at the end of the process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, key_id: str, now: datetime) -> None:
        """This key was used now."""
        with self._lock:
            self._seen[key_id] = now

    def start(self) -> None:
        """Begins to write."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="last-use", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Writes what is left and ends."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        self.write()

    def write(self) -> None:
        """One short transaction for all keys used since the last."""
        with self._lock:
            seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            with self._engine.begin() as connection:
                for key_id, when in seen.items():
                    earlier = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < when)
                    change = update(ApiKey).where(ApiKey.id == key_id, earlier).values(last_used_at=when)
                    connection.execute(change)
        except SQLAlchemyError as error:
            log.warning("last use of keys not written", keys=len(seen), error=type(error).__name__)

    def _run(self) -> None:
        while not self._stop.wait(SECONDS):
            self.write()
