"""Which errors pass by themselves: 503 or 507 over HTTP, another attempt for a job."""

import errno
import sqlite3

import psycopg
import pytest
from obstore.exceptions import GenericError, InvalidPathError, UnauthenticatedError
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.platform.outages import outage_problem
from app.platform.problems import Busy, Conflict, TimedOut


def sqlite(code):
    error = sqlite3.OperationalError("x")
    error.sqlite_errorname = code
    return OperationalError("SELECT", None, error)


def postgresql(kind, wrapper=OperationalError):
    return wrapper("SELECT", None, kind("x"))


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (sqlite("SQLITE_BUSY_SNAPSHOT"), "busy"),
        (sqlite("SQLITE_IOERR_WRITE"), "busy"),
        (sqlite("SQLITE_CANTOPEN"), "busy"),
        (sqlite("SQLITE_FULL"), "storage_full"),
        (sqlite("SQLITE_ERROR"), None),  # no such table: a repetition would not help
        (sqlite("SQLITE_CORRUPT"), "busy"),  # what SQLite makes of EIO; found by proof/faults.py
        (postgresql(psycopg.OperationalError), "busy"),  # no connection
        (postgresql(psycopg.errors.AdminShutdown), "busy"),
        (postgresql(psycopg.errors.QueryCanceled), "busy"),
        (postgresql(psycopg.errors.DeadlockDetected), "busy"),
        (postgresql(psycopg.errors.DiskFull), "storage_full"),
        (postgresql(psycopg.errors.ReadOnlySqlTransaction, InternalError), "busy"),
        (postgresql(psycopg.errors.UniqueViolation, IntegrityError), None),
        (postgresql(psycopg.errors.NumericValueOutOfRange, DataError), None),
        (PoolTimeout(), "busy"),
        (GenericError("error sending request"), "store_unavailable"),
        (GenericError("No space left on device"), "storage_full"),
        (UnauthenticatedError("401"), "store_unavailable"),
        (InvalidPathError("x"), None),
        (ConnectionRefusedError(), "store_unavailable"),
        (TimeoutError(), "store_unavailable"),
        (OSError(errno.EIO, "x"), "store_unavailable"),
        (PermissionError(errno.EACCES, "x"), None),
        (Busy(), "busy"),
        (TimedOut(), "timed_out"),
        (Conflict(), None),
        (ValueError("x"), None),
        (caused(ValueError("x"), GenericError("error sending request")), "store_unavailable"),
        (caused(Conflict(), GenericError("error sending request")), None),
    ],
)
def test_an_outage_is_told_from_a_fault(error, code):
    problem = outage_problem(error)
    assert (problem and problem.code) == code
    assert problem is None or problem.headers["Retry-After"]


def test_an_error_handled_on_the_way_is_no_cause():
    try:
        try:
            raise GenericError("error sending request")  # noqa: TRY301
        except GenericError:
            raise ValueError("x")  # noqa: B904  on purpose
    except ValueError as error:
        assert outage_problem(error) is None
