"""Concurrency limits: places, which are had at once or refused with 503, and turns, which are waited for in fair order.

Each kind of request has a lane of its own, so that none starves the others: uploads, long-lived streams, sealed
envelopes (which a deadline waits for), page pictures, long computations, and everything else. `/health` has none.
The holder of a place is a bidder's organization, whichever account or key it uses, else the caller. No holder has more
than a share of a lane, and turns go round among the holders that wait: what one of them asks for keeps no other waiting.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from enum import StrEnum
from functools import partial

import anyio

from app.platform.problems import Overloaded
from app.platform.settings import Settings

PICTURES_AT_ONCE = 4  # as many child processes render pages (app.evidence.reading.isolation.pool)
COMPUTING_AT_ONCE = 4
ENVELOPES_AT_ONCE = 4
# Routes whose response takes long to compute; so does any with a large JSON body (app.platform.web.bodies).
COMPUTING = frozenset(
    {
        "preview_ranking",
        "compute_ranking",
        "replay_ranking",
        "ask_what_if",
        "create_screening",
        "replay_screening",
        "read_matrix",
        "compute_award_scenario",
        "match_credit",
        "verify_audit",
    }
)
PICTURES = frozenset({"read_document_page", "read_document_page_unmasked"})


class Kind(StrEnum):
    """The lane of a route."""

    REQUESTS = "requests"
    UPLOADS = "uploads"
    STREAMS = "streams"
    ENVELOPES = "envelopes"
    COMPUTING = "computing"
    PICTURES = "pictures"
    NONE = "none"


class Lane:
    """At most `most` requests, including waiting ones, of which `at_once` have their turn, `each` of one holder (default:
    half).

    A holder has at most half of the places. One without a place gets a place even in a full lane, up to twice `most`, so
    that two holders cannot shut out a third.
    """

    def __init__(self, most: int, at_once: int, each: int | None = None) -> None:
        self._most, self._at_once = most, at_once
        self._share = max(1, most // 2)
        self._each = (at_once + 1) // 2 if each is None else each
        self._held: Counter[str] = Counter()
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[anyio.Event]] = OrderedDict()  # in the order of their next turns

    def place(self, holder: str) -> Callable[[], None]:
        """Take a place and return the function that releases it; Overloaded if there is none."""
        held = self._held[holder]
        if held >= self._share or self._held.total() >= (self._most if held else 2 * self._most):
            raise Overloaded
        self._held[holder] += 1
        return partial(_less, self._held, holder)

    def turn_now(self, holder: str) -> Callable[[], None] | None:
        """Take a turn without waiting and return the function that ends it; None if there is a wait."""
        if not self._may_run(holder) or holder in self._waiting:
            return None
        self._running[holder] += 1
        return partial(self._end, holder)

    async def turn(self, holder: str) -> Callable[[], None]:
        """Wait for a turn; return the function that ends it."""
        end = self.turn_now(holder)
        if end is not None:
            return end
        called = anyio.Event()
        self._waiting.setdefault(holder, deque()).append(called)
        try:
            await called.wait()
        except BaseException:
            if called.is_set():
                self._end(holder)  # the turn came at the same moment
            else:
                self._forget(holder, called)
            raise
        return partial(self._end, holder)

    def _may_run(self, holder: str) -> bool:
        return self._running.total() < self._at_once and self._running[holder] < self._each

    def _end(self, holder: str) -> None:
        _less(self._running, holder)
        for other in list(self._waiting):
            if self._may_run(other):
                self._running[other] += 1
                self._waiting.move_to_end(other)
                called = self._waiting[other][0]
                self._forget(other, called)
                called.set()
                return

    def _forget(self, holder: str, called: anyio.Event) -> None:
        waiting = self._waiting[holder]
        waiting.remove(called)
        if not waiting:
            del self._waiting[holder]


def _less(counter: Counter[str], holder: str) -> None:
    counter[holder] -= 1
    if not counter[holder]:
        del counter[holder]  # otherwise the counter would grow with every holder ever seen


def concurrency_limits(settings: Settings) -> dict[Kind, Lane]:
    """Return the lanes of an instance."""
    most, uploads = settings.max_requests, settings.max_uploads
    return {
        Kind.REQUESTS: Lane(most, settings.threads),
        Kind.UPLOADS: Lane(uploads * 5, uploads),
        Kind.STREAMS: Lane(most, most),
        Kind.ENVELOPES: Lane(most, ENVELOPES_AT_ONCE),
        Kind.COMPUTING: Lane(most, COMPUTING_AT_ONCE, each=1),
        Kind.PICTURES: Lane(most, PICTURES_AT_ONCE),
    }


def threads_of(settings: Settings) -> int:
    """Return the threads of a process: one for each turn, so that whoever has a turn never waits for a thread."""
    return settings.threads + settings.max_uploads + ENVELOPES_AT_ONCE + COMPUTING_AT_ONCE + PICTURES_AT_ONCE


def writer_limits(settings: Settings) -> Lane:
    """Return the turns of requests that write. SQLite has one writer at a time: more would only poll for its lock."""
    return Lane(settings.max_requests, 4 if settings.embedded else max(2, settings.threads // 2))
