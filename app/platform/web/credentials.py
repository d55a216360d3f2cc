"""Holders of credentials, and their cache."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError, OperationalError
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
    """The holder of a valid key or session, and its expiry; `id` identifies the credential for last-use times."""

    id: str
    principal: Principal
    expires_at: datetime | None
    seen_at: datetime | None = None
    idle: timedelta | None = None


Find = Callable[[Connection, Platform, str], Holder | None]


class SharedKeys:
    """Credentials in a shared database: looked up for every request, in a thread."""

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
    """Credentials in SQLite, cached until a commit: this process's commits are noticed at once, others' within 0.2 s.

    Looked up on the event loop: in WAL mode writers do not block readers, and switching threads would take longer.
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
        try:
            self._look()
            known = self._known  # store into the cache that was searched: a commit in between replaces it
            if key not in known:
                known[key] = self._find(self._held(), self._platform, key)
        except DBAPIError:
            self._let_go()
            raise
        except sqlite3.DatabaseError as error:
            self._let_go()
            raise OperationalError("PRAGMA data_version", None, error) from error
        return _valid(known[key], now)

    def _let_go(self) -> None:
        """Drop the connection, which an error may have spoilt for good; the next look-up has another."""
        held, self._connection, self._version = self._connection, None, None
        self._forget()
        if held is not None:
            held.invalidate()
            held.close()

    def _look(self) -> None:
        """Whether another process (a command, a worker) has committed, by PRAGMA data_version."""
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
    # This event precedes the commit; the return of the connection to the pool follows it.
    connection.info[COMMITTED] = True


def _valid(holder: Holder | None, now: datetime) -> Holder | None:
    if holder is None or (holder.expires_at is not None and holder.expires_at <= now):
        return None
    return holder
