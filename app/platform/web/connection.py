"""Connection limits: timeouts for the request head, for reading the response and for closing, and the answer to malformed HTTP.

uvicorn limits only the idle time between requests. This adds: the head of a request must be complete in
time, however slowly its bytes arrive; the client must read its response; an unread body is discarded only
briefly; and the number of open connections is bounded.
"""

import asyncio
import json
import re

import h11
from h11._receivebuffer import ReceiveBuffer
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.platform.problems import MEDIA_TYPE, MalformedRequest, Overloaded, Problem
from app.platform.settings import Settings
from app.platform.web.headers import SECURITY_HEADERS

MOST_UNREAD = 16 * 1024  # bytes of an incomplete head; complete heads are measured by the edge
LINGER_SECONDS = 2.0  # after a response sent before the end of the request body, time to read it
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,20}\r\n")
_CODING = re.compile(rb"transfer-encoding: ?chunked", re.IGNORECASE)
_UNANSWERED = (h11.IDLE, h11.SEND_RESPONSE)


class StrictBuffer(ReceiveBuffer):
    """Refuses syntax that RFC 9112 lets a server accept and that a proxy may interpret differently.

    h11 accepts repeated equal lengths, white space around a coding and chunk extensions, and drops them: here they end
    the connection.
    """

    def maybe_extract_lines(self) -> list[bytearray] | None:
        """Return the lines of a head, or of trailers."""
        lines = super().maybe_extract_lines()
        if lines is not None and (sum(map(_is_length, lines)) > 1 or any(map(_is_lenient, lines))):
            raise h11.RemoteProtocolError("ambiguous framing")
        return lines

    def maybe_extract_next_line(self) -> bytearray | None:
        """Return the size of a chunk."""
        line = super().maybe_extract_next_line()
        if line is not None and not _CHUNK_SIZE.fullmatch(line):
            raise h11.RemoteProtocolError("chunk extension or malformed chunk size")
        return line


def _is_length(line: bytearray) -> bool:
    return line[:15].lower() == b"content-length:"


def _is_lenient(line: bytearray) -> bool:
    """Whether the header is a list of lengths, or a coding that is not spelled exactly `chunked`."""
    if _is_length(line):
        return b"," in line
    return line[:18].lower() == b"transfer-encoding:" and not _CODING.fullmatch(line)


class Connection(H11Protocol):
    """uvicorn's connection on h11, with these limits; `connection_class` makes one for given settings."""

    most = 1024
    head_seconds = 10.0
    send_seconds = 30.0

    _patience: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer of the first head; a connection above the limit gets 503 and is closed."""
        super().connection_made(transport)
        self.conn._receive_buffer = StrictBuffer()
        if len(self.connections) > self.most:
            transport.write(_written(Overloaded()))
            transport.close()
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Keep the timer running from the first byte of a head to its last."""
        super().data_received(data)
        self._after_events()

    def on_response_complete(self) -> None:
        """After an early response, read the rest of the request only briefly."""
        super().on_response_complete()
        self._after_events()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel all timers."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Abort after `send_seconds` if the client does not read."""
        super().pause_writing()
        if self._writing is None:
            self._writing = self.loop.call_later(self.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Cancel the abort: the client reads again."""
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def send_400_response(self, msg: str) -> None:
        """Answer malformed HTTP with a problem if no response was started, and close the connection."""
        self._stop_waiting()
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # the application must not respond to a broken request
            self.cycle.message_event.set()
        if self.conn.our_state in _UNANSWERED and not self.transport.is_closing():
            self.transport.write(_written(MalformedRequest("the HTTP request is malformed or ambiguous")))
        self.transport.close()

    def _after_events(self) -> None:
        if self.transport.is_closing():
            self._stop_waiting()
        elif self.conn.their_state is h11.IDLE:
            if self.timeout_keep_alive_task is None:  # not idle between requests: a head has begun
                self._await_head()
        elif self.cycle is not None and self.cycle.response_complete and self.conn.their_state is h11.SEND_BODY:
            self._wait(LINGER_SECONDS)
        else:
            self._stop_waiting()

    def _await_head(self) -> None:
        self._wait(self.head_seconds)

    def _wait(self, seconds: float) -> None:
        """Close after `seconds` from the first call; further bytes do not extend it."""
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
    """Return the connection class for uvicorn with these settings."""
    limits = {
        "most": settings.max_connections,
        "head_seconds": float(settings.head_seconds),
        "send_seconds": float(settings.send_seconds),
    }
    return type("Connection", (Connection,), limits)


def _written(problem: Problem) -> bytes:
    """Return a complete response as bytes, where no application is involved."""
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
