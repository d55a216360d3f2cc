"""The outermost layer: request id, access log, security headers, and the last net for what nobody handled."""

import logging
import re
import secrets
import time
from typing import Any

import anyio
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import MalformedRequest, Problem, TooLarge, Unexpected
from app.web.handlers import problem_response
from app.web.logs import ACCESS
from app.work import Platform

log = structlog.get_logger("bidscreen.web")
access = logging.getLogger(ACCESS)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class Edge:
    """Pure ASGI: it costs microseconds a request, where a middleware with tasks of its own costs a thread's worth."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform
        self._settings = platform.settings
        self._writers = anyio.Semaphore(max(1, platform.settings.threads // 2))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, from its first byte to its line in the log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        asked = Headers(scope=scope)
        request_id = _request_id(asked)
        state = scope.setdefault("state", {})
        state.update(request_id=request_id, platform=self._platform, writers=self._writers)
        status = 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            self._check_host(asked)
            limited = self._noting(_limited(receive, self._limit(asked), asked), state)
            await self._app(scope, limited, send_dressed)
        except Exception as error:
            problem = error if isinstance(error, Problem) else Unexpected()
            if problem is not error:
                log.exception("unhandled error", request_id=request_id)
            if status:
                raise
            await problem_response(problem, request_id)(scope, receive, send_dressed)
        finally:
            if access.isEnabledFor(logging.INFO):
                access.info("request", _line(scope, status, began, request_id))

    def _noting(self, receive: Receive, state: dict[str, Any]) -> Receive:
        """Notes the time of the body's last byte."""

        async def noted() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                state.setdefault("last_byte_at", self._platform.clock())
            return message

        return noted

    def _check_host(self, headers: Headers) -> None:
        trusted = self._settings.trusted_hosts
        if "*" not in trusted and _host(headers) not in trusted:
            raise MalformedRequest("this service does not answer to that host name")

    def _limit(self, headers: Headers) -> int:
        upload = headers.get("content-type", "").startswith("multipart/form-data")
        return self._settings.max_upload_bytes if upload else self._settings.max_body_bytes


def _limited(receive: Receive, limit: int, headers: Headers) -> Receive:
    """Counts the body as it arrives, whatever its length was said to be; nothing beyond the limit is parsed."""
    declared = headers.get("content-length", "")
    total = int(declared) if declared.isdecimal() and len(declared) < 20 else 0
    if total <= limit:
        total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive() if total <= limit else {"type": "http.request"}
        total += len(message.get("body", b""))
        if total > limit:
            raise TooLarge(f"up to {limit} bytes are read")
        return message

    return counted


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(12)


def _dress(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)


def _host(headers: Headers) -> str:
    return re.sub(r":[0-9]+$", "", headers.get("host", "")).lower()


def _line(scope: Scope, status: int, began: float, request_id: str) -> dict[str, object]:
    """What is logged of a request: the route's name, not its address, which may hold anything."""
    return {
        "method": scope["method"],
        "route": getattr(scope.get("route"), "name", None),
        "status": status,
        "ms": round((time.perf_counter() - began) * 1000, 1),
        "request_id": request_id,
    }
