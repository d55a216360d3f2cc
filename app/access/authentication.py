"""Nothing answers without a key: this stands before routing, so that an unknown address tells no more than a known one."""

from typing import Protocol

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.last_use import LastUse
from app.access.roles import Principal
from app.problems import Unauthenticated
from app.web.handlers import problem_response

PUBLIC_PATHS = frozenset({"/api/v1/health", "/api/v1/openapi.json"})


class Keys(Protocol):
    """Finds out whom a key stands for."""

    async def principal(self, key: str) -> Principal | None:
        """None when the key opens nothing, at this moment."""


class Authentication:
    """Puts the principal into the request's state, or answers 401."""

    def __init__(self, app: ASGIApp, keys: Keys, last_use: LastUse) -> None:
        self._app = app
        self._keys = keys
        self._last_use = last_use

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 401 itself; lets everything else through with its principal."""
        if scope["type"] == "http" and scope["path"] not in PUBLIC_PATHS:
            key = _key(Headers(scope=scope))
            principal = await self._keys.principal(key) if key else None
            if principal is None:
                refusal = problem_response(Unauthenticated(), scope["state"]["request_id"])
                await refusal(scope, receive, send)
                return
            self._last_use.note(principal.id, scope["state"]["platform"].clock())
            scope["state"]["principal"] = principal
        await self._app(scope, receive, send)


def _key(headers: Headers) -> str:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
