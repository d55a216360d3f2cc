"""The clock of a test's platform set back: tenders are made and published before their deadline, as in life."""

from contextlib import contextmanager
from datetime import datetime, timedelta

BEFORE = timedelta(days=26)


@contextmanager
def at(platform, instant):
    """The platform's clock stands at `instant` (aware) meanwhile."""
    clock = platform.clock
    object.__setattr__(platform, "clock", lambda: instant)
    try:
        yield
    finally:
        object.__setattr__(platform, "clock", clock)


def before(platform, deadline):
    """26 days before a deadline given as ISO text; where the clock stands already before it, it stays."""
    instant = datetime.fromisoformat(deadline)
    return at(platform, min(platform.clock(), instant - BEFORE))
