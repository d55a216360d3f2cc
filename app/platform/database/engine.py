"""The engine: SQLite set for durability, or PostgreSQL through psycopg 3; both carry the instance's keys."""

import contextlib
import os
import sqlite3
import threading
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from app.platform.database.data_keys import DataKeys, kept_root
from app.platform.database.keys import Keyring
from app.platform.outages import SPOILT

BEGIN = "bidscreen_begin"
BUSY_MILLISECONDS = 15_000
_SQLITE: dict[str, Any] = {"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000}


def make_engine(
    url: str, keyring: Keyring, *, pool_size: int = 24, key_seconds: float = 60, statement_seconds: int = 0
) -> Engine:
    """Return an engine whose pool is never smaller than the thread pool, so that no request waits for a connection.

    Parameters are kept out of error messages and logs, since they hold personal data. `key_seconds`: how long an unwrapped data key is
    cached before checking again whether it was destroyed. `statement_seconds`: PostgreSQL cancels a statement after so long; 0:
    never.
    """
    sqlite = url.startswith("sqlite")
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size + 4,
        max_overflow=8,
        pool_pre_ping=not sqlite,
        hide_parameters=True,
        connect_args=_SQLITE if sqlite else _limits(url, statement_seconds),
    )
    engine.dialect.keyring = keyring  # type: ignore[attr-defined]
    if sqlite:
        _tune_sqlite(engine)
    reads = no_transaction(engine)
    engine.dialect.data_keys = DataKeys(keyring, engine, reads, key_seconds)  # type: ignore[attr-defined]
    keyring.keep(partial(kept_root, keyring, reads))
    return engine


def _limits(url: str, seconds: int) -> dict[str, Any]:
    """Return the server's limit for a connection's statements, unless the URL states options of its own."""
    if not seconds or "options" in make_url(url).query:
        return {}
    return {"options": f"-c statement_timeout={seconds * 1000}"}


def without_limit(connection: Connection) -> None:
    """Lift the limit of time for this transaction's statements: migrations and backups take as long as they need."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def read_only(engine: Engine) -> Engine:
    """Return the same pool for requests that only read: on SQLite they take no write lock."""
    return engine.execution_options(**{BEGIN: "BEGIN"})


def no_transaction(engine: Engine) -> Engine:
    """Return the same pool for single autocommitted statements on SQLite."""
    return engine.execution_options(**{BEGIN: ""})


def snapshot(engine: Engine) -> Engine:
    """Return the same pool for long reads that need one snapshot from the first statement to the last."""
    if engine.dialect.name == "sqlite":
        return read_only(engine)  # a reading transaction of SQLite does
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


_creating = threading.Lock()


def _private(database: Path) -> None:
    """Make the database readable only by its owner; SQLite gives its log files the mode of the database."""
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _creating, contextlib.suppress(FileExistsError):
        # Never opens a file that exists: closing it would release the locks of this process's other connections (POSIX).
        if not database.exists():
            os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for file in (database, *(database.with_name(database.name + ending) for ending in ("-wal", "-shm"))):
        if file.exists() and file.stat().st_uid == os.getuid() and file.stat().st_mode & 0o077:
            file.chmod(0o600)


def _tune_sqlite(engine: Engine) -> None:
    database = make_url(str(engine.url)).database

    @event.listens_for(engine, "do_connect")
    def keep_private(*_arguments: object) -> None:
        # Not before the first connection: a restore requires that there is no database file yet.
        if database:
            _private(Path(database))

    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: object) -> None:
        # Python's driver would begin transactions late and commit before DDL; both are handled here instead.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock at once: two writers queue instead of failing half way.
        begin = connection.get_execution_options().get(BEGIN, "BEGIN IMMEDIATE")
        if begin:
            try:
                connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]
            except sqlite3.DatabaseError as error:  # locked beyond the timeout: as SQLAlchemy raises every other
                if _is_spoilt(error):
                    connection.connection.invalidate(error)
                raise OperationalError(begin, None, error) from error

    @event.listens_for(engine, "handle_error")
    def discard(context: ExceptionContext) -> None:
        # A connection that such an error has met is replaced, so that nobody has to restart the service.
        context.is_disconnect = context.is_disconnect or _is_spoilt(context.original_exception)


def _is_spoilt(error: BaseException) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(SPOILT)
