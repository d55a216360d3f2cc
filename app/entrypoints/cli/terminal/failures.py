"""Errors of the environment: a full disk, a port in use, an unreachable database, invalid settings.

They are not defects of the software, so no traceback is printed: one line names the failure. Exit status 1, or 2 for
invalid settings.
"""

import os
import sys

WRONG_SETTINGS, FAILED = 2, 1


def report(error: Exception) -> int | None:
    """Write one line to standard error and return the exit status; None for a defect of the software."""
    found = _operating_system(error) or _file_store(error) or _database(error) or _settings(error)
    if found is None:
        return None
    line, status = found
    sys.stderr.write(f"bidscreen: {line}\n")
    return status


def open_closed_streams() -> None:
    """Reopen standard streams that the caller closed (`<&-`): otherwise the next opened file gets their number, and our
    output.
    """
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY))
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def abandon_output() -> None:
    """Discard output buffered for a failing standard output, so that the interpreter does not retry at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _operating_system(error: Exception) -> tuple[str, int] | None:
    if not isinstance(error, OSError) or error.errno is None:
        return None
    place = f": {error.filename}" if isinstance(error.filename, str) else ""
    return f"{error.strerror or os.strerror(error.errno)}{place}", FAILED


def _database(error: Exception) -> tuple[str, int] | None:
    """Describe a database error (unreachable, locked, full, not a database) by the driver's message, which never
    contains parameters.

    A violated constraint or an invalid statement is a defect of the software.
    """
    if not type(error).__module__.startswith("sqlalchemy."):
        return None
    from sqlalchemy.exc import DatabaseError, OperationalError

    if type(error) not in (DatabaseError, OperationalError):
        return None
    words = str(error.orig).strip().partition("\n")[0]  # type: ignore[attr-defined]
    return f"the database: {words}", FAILED


def _file_store(error: Exception) -> tuple[str, int] | None:
    """Describe an error of the file store: a full disk by name, else the first line of the message."""
    if not type(error).__module__.startswith("obstore"):
        return None
    from app.platform.problems import is_storage_full

    words = "No space left on device" if is_storage_full(error) else str(error).strip().partition("\n")[0]
    return f"the file store: {words}", FAILED


def _settings(error: Exception) -> tuple[str, int] | None:
    if not type(error).__module__.startswith("pydantic"):
        return None
    from app.platform.settings import wrong_settings

    said = wrong_settings(error)
    return None if said is None else (said, WRONG_SETTINGS)
