"""Set the clock of a test's platform back, so that tenders are published before their deadline."""

from contextlib import contextmanager
from datetime import datetime, timedelta

BEFORE = timedelta(days=26)


@contextmanager
def at(platform, instant):
    """Set the platform's clock to `instant` (aware) for the duration."""
    clock = platform.clock
    object.__setattr__(platform, "clock", lambda: instant)
    try:
        yield
    finally:
        object.__setattr__(platform, "clock", clock)


def before(platform, deadline):
    """Return 26 days before a deadline given as ISO text, or the current time of the clock if that is earlier."""
    instant = datetime.fromisoformat(deadline)
    return at(platform, min(platform.clock(), instant - BEFORE))
