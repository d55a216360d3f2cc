"""Concurrency limits. Requests above the limit get 503 immediately, before their body is read.

Lanes have limits of their own, so that none starves the others: uploads (a few active, some queued), long-lived
streams, sealed envelopes, which a deadline waits for, and everything else. `/health` is exempt. No caller may hold more
than half of a lane.
"""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from functools import partial

import anyio

from app.platform.problems import Overloaded
from app.platform.settings import Settings


class Kind(StrEnum):
    """The lane of a route."""

    REQUESTS = "requests"
    UPLOADS = "uploads"
    STREAMS = "streams"
    ENVELOPES = "envelopes"
    NONE = "none"


class Lane:
    """At most `most` requests, including queued ones, of which `at_once` are active, first come first served."""

    def __init__(self, most: int, at_once: int) -> None:
        self._most = most
        self._share = max(1, most // 2)
        self._turns = anyio.Semaphore(at_once)
        self._held: Counter[str] = Counter()

    def enter_now(self, holder: str) -> Callable[[], None] | None:
        """Enter without waiting and return what `enter` returns; None if the request would have to wait."""
        self._require_room(holder)
        try:
            self._turns.acquire_nowait()
        except anyio.WouldBlock:
            return None
        self._held[holder] += 1
        return partial(self._end, holder)

    async def enter(self, holder: str) -> Callable[[], None]:
        """Wait for a turn; return the function that releases it. Overloaded if the lane or the holder's half is full."""
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
            del self._held[holder]  # otherwise the counter would grow with every holder ever seen


def concurrency_limits(settings: Settings) -> dict[Kind, Lane]:
    """Return the lanes of an instance."""
    most, uploads = settings.max_requests, settings.max_uploads
    return {
        Kind.REQUESTS: Lane(most, most),
        Kind.UPLOADS: Lane(uploads * 5, uploads),
        Kind.STREAMS: Lane(most, most),
        Kind.ENVELOPES: Lane(most, most),
    }
