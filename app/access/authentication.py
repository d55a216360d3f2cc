"""Nothing answers without a key: this stands before routing, so that an unknown address tells no more than a known one."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.keys import authenticate
from app.access.last_use import LastUse
from app.access.roles import Principal
from app.database.engine import read_only
from app.problems import Unauthenticated
from app.web.handlers import problem_response
from app.work import Platform

PUBLIC_PATHS = frozenset({"/api/v1/health", "/api/v1/openapi.json"})


class Authentication:
    """Puts the principal into the request's state, or answers 401."""

    def __init__(self, app: ASGIApp, platform: Platform, last_use: LastUse) -> None:
        self._app = app
        self._platform = platform
        self._engine = read_only(platform.engine)
        self._last_use = last_use

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 401 itself; lets everything else through with its principal."""
        if scope["type"] == "http" and scope["path"] not in PUBLIC_PATHS:
            principal = await self._principal(_key(Headers(scope=scope)))
            if principal is None:
                refusal = problem_response(Unauthenticated(), scope["state"]["request_id"])
                await refusal(scope, receive, send)
                return
            scope["state"]["principal"] = principal
        await self._app(scope, receive, send)

    async def _principal(self, key: str) -> Principal | None:
        if not key:
            return None
        now = self._platform.clock()
        found = await run_in_threadpool(authenticate, self._engine, self._platform.keyring, key, now)
        if found is not None:
            self._last_use.note(found.id, now)
        return found


def _key(headers: Headers) -> str:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
