"""Authentication before routing, so that unauthenticated callers learn nothing about paths."""

from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.platform.problems import Forbidden, Problem, Unauthenticated
from app.platform.web.credentials import PREFIX, Holder
from app.platform.web.handlers import problem_response
from app.platform.web.last_use import LastUse

PUBLIC_PATHS = frozenset({"/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready", "/api/v1/openapi.json"})
LOG_IN = ("POST", "/api/v1/sessions")
SAFE = frozenset({"GET", "HEAD"})


class CrossSite(Forbidden):
    """The browser reports that the change was requested by another site."""

    code, title = "cross_site", "Cross-site request refused"


class CsrfTokenNeeded(Forbidden):
    """A change authenticated by a session cookie requires that session's token in `X-CSRF-Token`."""

    code, title = "csrf_token_needed", "X-CSRF-Token missing or wrong"


class Keys(Protocol):
    """Resolves API keys and session tokens."""

    async def holder(self, key: str, now: datetime) -> Holder | None:
        """Return the holder; None if the credential is not valid at this time."""


class Cookies(Protocol):
    """Reads the session token from a request and checks its CSRF token."""

    def token(self, header: str) -> str:
        """Return the session token in a Cookie header, or an empty string."""

    def is_csrf_token(self, token: str, given: str) -> bool:
        """Whether `given` is the CSRF token of that session."""


class Attempts(Protocol):
    """Limits login attempts by network address."""

    def take(self, address: str | None) -> None:
        """Count an attempt; raises a Problem above the limit."""


class Authentication:
    """Sets the principal in the request's state, or answers 401 or 403."""

    def __init__(self, app: ASGIApp, keys: Keys, cookies: Cookies, last_use: LastUse, attempts: Attempts) -> None:
        self._app = app
        self._keys = keys
        self._cookies = cookies
        self._last_use = last_use
        self._attempts = attempts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer unauthenticated requests; pass others on with their principal."""
        if scope["type"] == "http" and scope["path"] not in PUBLIC_PATHS:
            try:
                await self._let_in(scope, asked := Headers(scope=scope))
            except Problem as problem:
                language = asked.get("accept-language", "")
                await problem_response(problem, scope["state"]["request_id"], language)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _let_in(self, scope: Scope, headers: Headers) -> None:
        if (scope["method"], scope["path"]) == LOG_IN:
            _require_same_site(headers)
            self._attempts.take(scope["client"][0] if scope.get("client") else None)  # before the body is read
            return
        now = scope["state"]["platform"].clock()
        key = _key(headers)
        token = "" if key else self._cookies.token(headers.get("cookie", ""))
        holder = await self._holder(key, token, now)
        if holder is None or self._idle(holder, now):
            raise Unauthenticated
        if token and scope["method"] not in SAFE:
            _require_same_site(headers)
            if not self._cookies.is_csrf_token(token, headers.get("x-csrf-token", "")):
                raise CsrfTokenNeeded
        self._last_use.note(holder.id, now)
        scope["state"]["principal"] = holder.principal

    async def _holder(self, key: str, token: str, now: datetime) -> Holder | None:
        """Keys are accepted in headers only, session tokens in the cookie only."""
        if key:
            return await self._keys.holder(key, now) if key.startswith(PREFIX) else None
        return await self._keys.holder(token, now) if token and not token.startswith(PREFIX) else None

    def _idle(self, holder: Holder, now: datetime) -> bool:
        if holder.idle is None or holder.seen_at is None:
            return False
        return max(holder.seen_at, self._last_use.noted(holder.id) or holder.seen_at) + holder.idle <= now


def _key(headers: Headers) -> str:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def _require_same_site(headers: Headers) -> None:
    """Check Fetch Metadata and Origin (RFC 6454), which browsers send and other clients do not."""
    site, origin = headers.get("sec-fetch-site", "same-origin"), headers.get("origin")
    if site != "same-origin" or (origin is not None and urlsplit(origin).netloc != headers.get("host")):
        raise CrossSite
