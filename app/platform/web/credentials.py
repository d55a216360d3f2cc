"""Whom a credential stands for, and how long that is remembered."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.pool import ConnectionPoolEntry
from starlette.concurrency import run_in_threadpool

from app.platform.access.roles import Principal
from app.platform.unit_of_work import Platform

PREFIX = "bsk_"
MOST_REMEMBERED = 10_000
LOOK_SECONDS = 0.2
COMMITTED = "bidscreen_committed"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a right key or session stands for, and until when; `id` is what its use is noted under."""

    id: str
    principal: Principal
    expires_at: datetime | None
    seen_at: datetime | None = None
    idle: timedelta | None = None


Find = Callable[[Connection, Platform, str], Holder | None]


class SharedKeys:
    """Keys in a database that other machines change too: asked every time, in a thread."""

    def __init__(self, platform: Platform, find: Find) -> None:
        self._platform = platform
        self._find = find

    async def holder(self, key: str, now: datetime) -> Holder | None:
        """See Keys.holder."""
        holder = await run_in_threadpool(self._ask, key)
        return _valid(holder, now)

    def _ask(self, key: str) -> Holder | None:
        with self._platform.readers.connect() as connection:
            return self._find(connection, self._platform, key)


class EmbeddedKeys:
    """Keys in SQLite, remembered until somebody commits: this process's commits are seen at once, others' soon.

    Asked from the event loop: in WAL mode no writer holds a reader up, and a change of thread takes longer than this.
    """

    def __init__(self, platform: Platform, find: Find) -> None:
        self._platform = platform
        self._find = find
        self._connection: Connection | None = None
        self._version: object = None
        self._looked = 0.0
        self._known: dict[str, Holder | None] = {}
        event.listen(platform.engine, "commit", _mark)
        event.listen(platform.engine, "checkin", self._after_commit)

    async def holder(self, key: str, now: datetime) -> Holder | None:
        """See Keys.holder."""
        self._look()
        known = self._known  # what is found goes where it was looked for: a commit in between has begun another
        if key not in known:
            known[key] = self._find(self._held(), self._platform, key)
        return _valid(known[key], now)

    def _look(self) -> None:
        """Whether another process (a command, a worker) has committed: PRAGMA data_version says so."""
        if time.monotonic() < self._looked + LOOK_SECONDS and len(self._known) < MOST_REMEMBERED:
            return
        driver: Any = self._held().connection.driver_connection
        version = driver.execute("PRAGMA data_version").fetchone()
        if version != self._version or len(self._known) >= MOST_REMEMBERED:
            self._forget()
        self._looked, self._version = time.monotonic(), version

    def _held(self) -> Connection:
        if self._connection is None:
            self._connection = self._platform.single_reads.connect()
        return self._connection

    def _after_commit(self, _driver: object, record: ConnectionPoolEntry) -> None:
        if record.info.pop(COMMITTED, False):
            self._forget()

    def _forget(self) -> None:
        self._known = {}


def _mark(connection: Connection) -> None:
    # This event comes before the commit itself; the connection's return to the pool comes after it.
    connection.info[COMMITTED] = True


def _valid(holder: Holder | None, now: datetime) -> Holder | None:
    if holder is None or (holder.expires_at is not None and holder.expires_at <= now):
        return None
    return holder
