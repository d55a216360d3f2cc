"""Routes of the service: each one is guarded by the permission table before its body is read."""

import functools
import inspect
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, params
from fastapi.routing import APIRoute
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.access.permissions import PUBLIC, require
from app.problems import Conflict, Fault, Invalid, UnsupportedMediaType
from app.web.idempotency import Replay, request_hash
from app.work import UnitOfWork

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_KEY = re.compile(r"[\x21-\x7e]{1,64}")
_KEPT = range(200, 300)


class GuardedRoute(APIRoute):
    """A route that asks the permission table, refuses foreign media types and honours Idempotency-Key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, release_reads(endpoint), **options)

    def get_route_handler(self) -> Handler:
        """FastAPI's handler behind the guards; all of it runs before the unit of work commits."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if self.name not in PUBLIC:
                require(self.name, request.state.principal.role)
            self._check_media_type(request)
            replay = await self._replay(request)
            return await (handle(request) if replay is None else _once(request, handle, replay))

        return guarded

    def _check_media_type(self, request: Request) -> None:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self.body_field is None or not given:
            return
        form = isinstance(self.body_field.field_info, params.Form)
        if not (given == "multipart/form-data" if form else given == "application/json" or given.endswith("+json")):
            raise UnsupportedMediaType("multipart/form-data is read here" if form else "application/json is read here")

    async def _replay(self, request: Request) -> Replay | None:
        key = request.headers.get("idempotency-key")
        if key is None or request.method != "POST":
            return None
        if not _KEY.fullmatch(key):
            fault = Fault("pattern", "1 to 64 printable ASCII characters are expected", "/idempotency-key", "header")
            raise Invalid(faults=[fault])
        state = request.state
        return Replay(state.platform, state.principal.id, self.name, key, await request_hash(request))


class Router(APIRouter):
    """The router of a feature. Its functions' names are route names, operation ids and permission keys at once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=GuardedRoute, generate_unique_id_function=lambda route: route.name, **options)


def release_reads(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """A reading unit gives its connection back in the thread it worked in, so that none waits for another thread."""
    if inspect.isgeneratorfunction(endpoint) or inspect.iscoroutinefunction(endpoint):
        return endpoint

    @functools.wraps(endpoint)
    def call(**arguments: Any) -> Any:
        try:
            return endpoint(**arguments)
        finally:
            for value in arguments.values():
                if isinstance(value, UnitOfWork) and value.reading:
                    value.close()

    return call


async def _once(request: Request, handle: Handler, replay: Replay) -> Response:
    earlier = await run_in_threadpool(replay.earlier)
    if earlier is not None:
        return earlier
    try:
        response = await handle(request)
        work = getattr(request.state, "work", None)
        if work is not None and response.status_code in _KEPT:
            await run_in_threadpool(replay.keep, work, response)
    except (Conflict, IntegrityError):
        # The same request at the same time may have won: then its answer is this one's too.
        _let_go(request)
        won = await run_in_threadpool(replay.earlier)
        if won is None:
            raise
        return won
    return response


def _let_go(request: Request) -> None:
    work = getattr(request.state, "work", None)
    if work is not None:
        work.discard()
