"""How many requests are in the house at once: beyond that the answer is 503 at once, before a body is read.

Three lanes, so that none can fill the house for the others: uploads (a few at work, some waiting for their turn), streams
that stay open, and everything else. `/health` goes past all of them. Nobody holds more than half of a lane.
"""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from functools import partial

import anyio

from app.platform.problems import Overloaded
from app.platform.settings import Settings


class Kind(StrEnum):
    """Which lane a route takes; the route itself knows."""

    REQUESTS = "requests"
    UPLOADS = "uploads"
    STREAMS = "streams"
    NONE = "none"


class Lane:
    """At most `most` requests, waiting ones included, of which `at_once` are worked on, in the order of their coming."""

    def __init__(self, most: int, at_once: int) -> None:
        self._most = most
        self._share = max(1, most // 2)
        self._turns = anyio.Semaphore(at_once)
        self._held: Counter[str] = Counter()

    def enter_now(self, holder: str) -> Callable[[], None] | None:
        """A place and a turn at once, as `enter` gives them; None where there is a wait. No change of task, no timer."""
        self._require_room(holder)
        try:
            self._turns.acquire_nowait()
        except anyio.WouldBlock:
            return None
        self._held[holder] += 1
        return partial(self._end, holder)

    async def enter(self, holder: str) -> Callable[[], None]:
        """Waits for a turn; returns what must be called at the end. Overloaded when the lane, or its holder's half, is full."""
        self._require_room(holder)
        self._held[holder] += 1
        try:
            await self._turns.acquire()
        except BaseException:
            self._leave(holder)
            raise
        return partial(self._end, holder)

    def _require_room(self, holder: str) -> None:
        if self._held[holder] >= self._share or self._held.total() >= self._most:
            raise Overloaded

    def _end(self, holder: str) -> None:
        self._turns.release()
        self._leave(holder)

    def _leave(self, holder: str) -> None:
        self._held[holder] -= 1
        if not self._held[holder]:
            del self._held[holder]  # a counter that never forgets would grow with every holder there ever was


def lanes(settings: Settings) -> dict[Kind, Lane]:
    """The lanes of an instance."""
    most, uploads = settings.max_requests, settings.max_uploads
    return {
        Kind.REQUESTS: Lane(most, most),
        Kind.UPLOADS: Lane(uploads * 5, uploads),
        Kind.STREAMS: Lane(most, most),
    }
