"""Whether an embedded instance is in use: services and workers hold a shared lock on a file of its data directory."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "in-use.lock"


@contextmanager
def in_use(data: Path) -> Iterator[None]:
    """Mark the data directory as in use, together with other processes; the mark ends with the process at the latest."""
    with (data / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def is_in_use(data: Path) -> bool:
    """Whether a service or worker runs on this data directory on this machine."""
    try:
        with (data / LOCK).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
