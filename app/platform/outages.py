"""Outages: errors that pass without a change of the input, since the database, the file store or the network was away.

Over HTTP they are answered 503 with `Retry-After` (507 for a full disk); a job that meets one is tried again later.
"""

import errno
from collections.abc import Iterator

from obstore.exceptions import BaseError, GenericError, JoinError, PermissionDeniedError, UnauthenticatedError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.platform.problems import Busy, Problem, StorageFull, StoreUnavailable, is_storage_full

# Refused credentials too: an operator replaces them, the request stays the same.
_STORE = (GenericError, JoinError, PermissionDeniedError, UnauthenticatedError)
_STATES = (
    "08",
    "40",
    "53",
    "55",
    "57",
)  # PostgreSQL: connection, rollback, resources, locks, an operator's intervention
_OTHER_STATES = frozenset({"25006", "25P03"})  # read-only after a failover; a transaction that stood idle
# What a disk or a lack of descriptors does to a connection of SQLite: a failed read passes for a malformed page, a file
# that could not be opened for writing is opened for reading for as long as the connection lives.
SPOILT = ("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_CORRUPT", "SQLITE_NOTADB")
_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "SQLITE_NOMEM", *SPOILT)
_SYSTEM = frozenset(
    {
        *(errno.EIO, errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ESTALE, errno.ETIMEDOUT),
        *(errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EPIPE),
    }
)
_PASSING = frozenset({408, 429, 503, 507})


def outage_problem(error: BaseException) -> Problem | None:
    """Return the problem that answers an outage; None if the error is none."""
    if is_storage_full(error):
        return StorageFull()
    for one in _causes(error):
        if isinstance(one, Problem):
            return one if one.status in _PASSING else None
        if _is_database_away(one):
            return Busy()
        if _is_store_away(one):
            return StoreUnavailable()
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those it was raised from; not those during whose handling it happened."""
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield now
        now = now.__cause__


def _is_database_away(error: BaseException) -> bool:
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    sqlite = getattr(error.orig, "sqlite_errorname", None)
    if sqlite is not None:
        return str(sqlite).startswith(_SQLITE)
    state = str(getattr(error.orig, "sqlstate", None) or "")
    lost = isinstance(error, OperationalError) and not state  # no answer from the server at all
    return lost or error.connection_invalidated or state.startswith(_STATES) or state in _OTHER_STATES


def _is_store_away(error: BaseException) -> bool:
    if isinstance(error, BaseError):
        return isinstance(error, _STORE)
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    return isinstance(error, OSError) and error.errno in _SYSTEM
