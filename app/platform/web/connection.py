"""One connection: how long it may take to ask, to listen and to end, and what it is told when what it says is no HTTP.

uvicorn watches only how long a connection idles between requests. This adds: the head of a request must be complete in
time, however slowly its bytes drip; an answer must be taken in; a body that nobody will read any more is not listened to
for ever; and only so many connections are open at once.
"""

import asyncio
import json

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.platform.problems import MEDIA_TYPE, MalformedRequest, Overloaded, Problem
from app.platform.settings import Settings
from app.platform.web.headers import SECURITY_HEADERS

MOST_UNREAD = 16 * 1024  # bytes of a head that hasn't ended yet; what came at once is measured by the edge
LINGER_SECONDS = 2.0  # an answer that comes before its body has ended gets this long to be read
_UNANSWERED = (h11.IDLE, h11.SEND_RESPONSE)


class Connection(H11Protocol):
    """uvicorn's connection on h11, with these limits; `connection_class` makes one for given settings."""

    most = 1024
    head_seconds = 10.0
    send_seconds = 30.0

    _patience: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for the head of the first request; one connection too many is told so and closed."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.write(_written(Overloaded()))
            transport.close()
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Lets the time run from the first byte of a head to its last, whatever comes in between."""
        super().data_received(data)
        self._after_events()

    def on_response_complete(self) -> None:
        """An answer given before its request has ended: the rest is listened to only for a moment."""
        super().on_response_complete()
        self._after_events()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The other side does not read: after a while it is given up."""
        super().pause_writing()
        if self._writing is None:
            self._writing = self.loop.call_later(self.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The other side reads again."""
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def send_400_response(self, msg: str) -> None:
        """What isn't HTTP is answered with a problem, when nothing has been answered yet, and the connection ends."""
        self._stop_waiting()
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # what was being worked on must not answer a broken request
            self.cycle.message_event.set()
        if self.conn.our_state in _UNANSWERED and not self.transport.is_closing():
            self.transport.write(_written(MalformedRequest("this is no HTTP request that can be read one way only")))
        self.transport.close()

    def _after_events(self) -> None:
        if self.transport.is_closing():
            self._stop_waiting()
        elif self.conn.their_state is h11.IDLE:
            if self.timeout_keep_alive_task is None:  # not the pause between two requests: a head has begun
                self._await_head()
        elif self.cycle is not None and self.cycle.response_complete and self.conn.their_state is h11.SEND_BODY:
            self._wait(LINGER_SECONDS)
        else:
            self._stop_waiting()

    def _await_head(self) -> None:
        self._wait(self.head_seconds)

    def _wait(self, seconds: float) -> None:
        """Closes after so long, counted from the first call: further bytes win no time."""
        if self._patience is None:
            self._patience = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        self._unset_keepalive_if_required()
        self.transport.close()


def connection_class(settings: Settings) -> type[Connection]:
    """The class that uvicorn makes each connection of."""
    limits = {
        "most": settings.max_connections,
        "head_seconds": float(settings.head_seconds),
        "send_seconds": float(settings.send_seconds),
    }
    return type("Connection", (Connection,), limits)


def _written(problem: Problem) -> bytes:
    """A whole answer as bytes, for where no application runs."""
    body = json.dumps(problem.body()).encode()
    headers = {
        **SECURITY_HEADERS,
        **(problem.headers or {}),
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {problem.status} {problem.title.partition(';')[0]}", *(f"{n}: {v}" for n, v in headers.items())]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
