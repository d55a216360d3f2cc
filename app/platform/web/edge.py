"""The outermost layer: request id, access log, security headers, body limits, and unhandled errors."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import anyio
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.access.roles import Principal, Role
from app.platform.database.sensitive import mask_numbers
from app.platform.outages import outage_problem
from app.platform.problems import (
    MalformedRequest,
    Problem,
    RequestTimeout,
    TooLarge,
    Unexpected,
)
from app.platform.unit_of_work import Platform
from app.platform.web.authentication import LOG_IN
from app.platform.web.concurrency import concurrency_limits, writer_limits
from app.platform.web.handlers import problem_response
from app.platform.web.headers import SECURITY_HEADERS
from app.platform.web.logs import ACCESS
from app.platform.web.request_counts import RequestCounts

log = structlog.get_logger("bidscreen.web")
access = logging.getLogger(ACCESS)
LARGEST_HEAD = 16 * 1024  # bytes of the query and all headers
MOST_HEADERS = 100
ANONYMOUS_BODY = 16 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})  # for health checks on the machine itself
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
VERSIONS = frozenset({"1.0", "1.1"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


_SECURITY = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


class Edge:
    """Pure ASGI middleware: microseconds per request, without tasks of its own."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform
        self._settings = platform.settings
        self._writers = writer_limits(platform.settings)
        self._envelope_writers = writer_limits(platform.settings)
        self._lanes = concurrency_limits(platform.settings)
        self._hosts = LOOPBACK | {platform.settings.host.lower(), *map(str.lower, platform.settings.trusted_hosts)}
        self._spare_threads = anyio.CapacityLimiter(2)
        self._counts = RequestCounts()
        self._hsts = f"max-age={self._settings.hsts_seconds}; includeSubDomains" if self._settings.hsts_seconds else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, from its first byte to its line in the log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        asked = Headers(scope=scope)
        request_id = _request_id(asked)
        state = scope.setdefault("state", {})
        held: list[Callable[[], None]] = []  # released when the response has been sent
        state.update(request_id=request_id, platform=self._platform, held=held)
        state.update(lanes=self._lanes, writers=self._writers, envelope_writers=self._envelope_writers)
        state.update(spare_threads=self._spare_threads, request_counts=self._counts)
        status = 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                _dress(headers, request_id)
                if self._hsts and scope.get("scheme") == "https":
                    headers["Strict-Transport-Security"] = self._hsts
            await send(message)

        try:
            _check_framing(scope, asked)
            self._check_host(asked)
            limited = self._noting(_limited(self._paced(receive), self._limit(scope, asked), asked), state)
            await self._app(scope, limited, send_dressed)
        except Exception as error:
            problem = error if isinstance(error, Problem) else _problem(error)
            if isinstance(problem, Unexpected):
                log.exception("unhandled error", request_id=request_id)
            if status:
                raise
            await problem_response(problem, request_id, asked.get("accept-language", ""))(scope, receive, send_dressed)
        finally:
            for end in held:
                end()
            route = getattr(scope.get("route"), "name", None) or "none"
            if not _by_bidder(scope):  # their number before an opening is that of the envelopes
                self._counts.note(_known(scope["method"]), route, status, time.perf_counter() - began)
            if access.isEnabledFor(logging.INFO):
                access.info("request", _line(scope, status, began, request_id))

    def _paced(self, receive: Receive) -> Receive:
        """Enforce the body timeout; time in which the application does not read does not count."""
        waited, received, whole = 0.0, 0, False

        async def paced() -> Message:
            nonlocal waited, received, whole
            if whole:
                return await receive()  # only the disconnect follows
            left = self._settings.body_seconds + received / self._settings.body_bytes_per_second - waited
            began = time.perf_counter()
            with anyio.move_on_after(max(0.0, left)):
                message = await receive()
                waited += time.perf_counter() - began
                received += len(message.get("body", b""))
                whole = not message.get("more_body")
                return message
            raise RequestTimeout

        return paced

    def _noting(self, receive: Receive, state: dict[str, Any]) -> Receive:
        """Record the arrival of the body's last byte."""

        async def noted() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                state.setdefault("last_byte_at", self._platform.clock())
            return message

        return noted

    def _check_host(self, headers: Headers) -> None:
        if "*" not in self._hosts and _host(headers) not in self._hosts:
            raise MalformedRequest(
                "the service is not known under the name in the Host header; the setting BIDSCREEN_TRUSTED_HOSTS lists the "
                "names under which it may be called"
            )

    def _limit(self, scope: Scope, headers: Headers) -> int:
        """Bytes of the body. Only a login comes without credentials, and it is short."""
        if (scope["method"], scope["path"]) == LOG_IN:
            return ANONYMOUS_BODY
        upload = headers.get("content-type", "").startswith("multipart/form-data")
        return self._settings.max_upload_bytes if upload else self._settings.max_body_bytes


def _known(method: str) -> str:
    """Return the method, or `other`: callers may invent as many as they like."""
    return method if method in METHODS else "other"


def _problem(error: Exception) -> Problem:
    return outage_problem(error) or Unexpected()


def _limited(receive: Receive, limit: int, headers: Headers) -> Receive:
    """Count the body as it arrives, whatever length was declared; nothing beyond the limit is parsed."""
    declared = headers.get("content-length", "")
    total = int(declared) if declared.isdecimal() and len(declared) < 20 else 0
    if total <= limit:
        total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive() if total <= limit else {"type": "http.request"}
        total += len(message.get("body", b""))
        if total > limit:
            raise TooLarge(f"the limit is {limit} bytes")
        return message

    return counted


def _check_framing(scope: Scope, headers: Headers) -> None:
    """Refuse requests that a proxy may interpret differently, and close the connection (RFC 9112, 6.3)."""
    if scope["http_version"] not in VERSIONS:
        raise MalformedRequest("HTTP/1.1 is required", headers={"Connection": "close"})
    if len(scope["query_string"]) + sum(len(name) + len(value) for name, value in headers.raw) > LARGEST_HEAD:
        raise MalformedRequest(f"the limit of query and headers is {LARGEST_HEAD} bytes")
    if len(headers.raw) > MOST_HEADERS:
        raise MalformedRequest(f"the limit is {MOST_HEADERS} header fields", headers={"Connection": "close"})
    if "transfer-encoding" in headers and "content-length" in headers:
        raise MalformedRequest(
            "Content-Length and Transfer-Encoding exclude each other", headers={"Connection": "close"}
        )


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    usable = (
        given and _REQUEST_ID.fullmatch(given) and mask_numbers(given) == given
    )  # it is written to logs and the audit trail
    # In two halves: eighteen digits in a row would be masked as a resident ID in the log.
    if usable:
        return given
    made = secrets.token_hex(12)
    return f"{made[:12]}-{made[12:]}"


def _dress(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    there = {name for name, _ in headers.raw}
    headers.raw.extend(header for header in _SECURITY if header[0] not in there)


def _host(headers: Headers) -> str:
    return re.sub(r":[0-9]+$", "", headers.get("host", "")).lower()


def _by_bidder(scope: Scope) -> bool:
    principal: Principal | None = scope["state"].get("principal")
    return principal is not None and principal.role is Role.BIDDER


def _caller(principal: Principal | None) -> str | None:
    if principal is None:
        return None
    return principal.role.value if principal.role is Role.BIDDER else principal.id


def _line(scope: Scope, status: int, began: float, request_id: str) -> dict[str, object]:
    """Return the access log entry: the route's name instead of the path, which may contain anything, and the caller.

    A bidder is not named: whoever reads the log would learn who bids.
    """
    principal: Principal | None = scope["state"].get("principal")
    return {
        "method": scope["method"],
        "route": getattr(scope.get("route"), "name", None),
        "status": status,
        "caller": _caller(principal),
        "ms": round((time.perf_counter() - began) * 1000, 1),
        "request_id": request_id,
    }
