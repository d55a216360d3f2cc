"""What a command says when its surroundings fail it: a full disk, a taken port, a database that cannot be reached, wrong settings.

These are no faults of the programme, so no trace is shown: one line names what failed. Exit status 1; 2 for wrong settings.
"""

import os
import sys

WRONG_SETTINGS, FAILED = 2, 1


def report(error: Exception) -> int | None:
    """Write one line to standard error and return the exit status; None for an error that is the programme's own."""
    told = _operating_system(error) or _database(error) or _settings(error)
    if told is None:
        return None
    line, status = told
    sys.stderr.write(f"bidscreen: {line}\n")
    return status


def open_closed_streams() -> None:
    """A caller may close standard streams (`<&-`): the next file opened would get their number, and what is printed."""
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY))
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def abandon_output() -> None:
    """What is still buffered for a standard output that takes nothing more: leaving must not try it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _operating_system(error: Exception) -> tuple[str, int] | None:
    if not isinstance(error, OSError) or error.errno is None:
        return None
    place = f": {error.filename}" if isinstance(error.filename, str) else ""
    return f"{error.strerror or os.strerror(error.errno)}{place}", FAILED


def _database(error: Exception) -> tuple[str, int] | None:
    """Unreachable, locked, full, no database at all; the driver's own words, of which parameters are never a part.

    A violated constraint or a statement that is none is the programme's own fault.
    """
    if not type(error).__module__.startswith("sqlalchemy."):
        return None
    from sqlalchemy.exc import DatabaseError, OperationalError

    if type(error) not in (DatabaseError, OperationalError):
        return None
    words = str(error.orig).strip().partition("\n")[0]  # type: ignore[attr-defined]
    return f"the database: {words}", FAILED


def _settings(error: Exception) -> tuple[str, int] | None:
    if not type(error).__module__.startswith("pydantic"):
        return None
    from app.platform.settings import wrong_settings

    said = wrong_settings(error)
    return None if said is None else (said, WRONG_SETTINGS)
