"""Routes of the service: each one is guarded by the permission table before its body is read."""

import functools
import inspect
import re
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any

from fastapi import APIRouter, params
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.access.permissions import PUBLIC, require
from app.problems import Conflict, Fault, Invalid, UnsupportedMediaType
from app.web.arrival import last_byte
from app.web.idempotency import Replay, request_hash
from app.work import SAFE, UnitOfWork, writing

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_KEY = re.compile(r"[\x21-\x7e]{1,64}")
_KEPT = range(200, 300)
API = "/api/v1"
JSON = "application/json"


class GuardedRoute(APIRoute):
    """A route that asks the permission table, refuses foreign media types and honours Idempotency-Key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, self._in_one_thread(endpoint), **options)

    def get_route_handler(self) -> Handler:
        """FastAPI's handler behind the guards; all of it runs before the unit of work commits."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if self.name not in PUBLIC:
                require(self.name, request.state.principal.role)
            self._check_media_type(request)
            if self._counts_arrival:
                await request.body()
            if not self._writes:
                return await _finished(request, handle)
            # Fewer writers at once than there are threads: those that wait for the write lock must leave threads
            # to the one that holds it, which needs one more to commit.
            async with request.state.writers:
                replay = await self._replay(request)
                return await (_finished(request, handle) if replay is None else _once(request, handle, replay))

        return guarded

    @cached_property
    def _writes(self) -> bool:
        asked = {dependency.call for dependency in self.dependant.dependencies}
        return writing in asked or not (self.methods or set()) <= SAFE

    @cached_property
    def _counts_arrival(self) -> bool:
        return any(dependency.call is last_byte for dependency in self.dependant.dependencies)

    def _in_one_thread(self, endpoint: Callable[..., Any]) -> Callable[..., Any]:
        """The endpoint, the end of a reading unit and the writing of the JSON, without a change of thread between them.

        A connection is never held by a request that waits for a thread, and a read takes one thread, once.
        """
        if inspect.isgeneratorfunction(endpoint) or inspect.isasyncgenfunction(endpoint):
            return endpoint

        @functools.wraps(endpoint)
        def call(**arguments: Any) -> Any:
            try:
                return self._written(endpoint(**arguments), arguments)
            finally:
                for value in arguments.values():
                    if isinstance(value, UnitOfWork) and value.reading:
                        value.close()

        return call

    def _written(self, result: Any, arguments: dict[str, Any]) -> Any:
        if type(result) is not self.response_model or not isinstance(result, BaseModel):
            return result  # FastAPI validates and writes it
        response = Response(result.model_dump_json(by_alias=True), self.status_code or 200, media_type=JSON)
        for value in arguments.values():
            if isinstance(value, Response):
                response.raw_headers.extend(value.raw_headers)
                response.status_code = value.status_code or response.status_code
        return response

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

    def __init__(self, prefix: str = "", **options: Any) -> None:
        super().__init__(
            prefix=f"{API}{prefix}",
            route_class=GuardedRoute,
            generate_unique_id_function=lambda route: route.name,
            **options,
        )


async def _finished(request: Request, handle: Handler, replay: Replay | None = None) -> Response:
    """Handles the request and commits its unit of work; the answer leaves only after that."""
    try:
        response = await handle(request)
        work = _unit(request)
        if work is not None and not work.reading:
            await run_in_threadpool(_commit, work, replay, response)
        return response
    finally:
        work = _unit(request)
        if work is not None:
            work.close()


async def _once(request: Request, handle: Handler, replay: Replay) -> Response:
    earlier = await run_in_threadpool(replay.earlier)
    if earlier is not None:
        return earlier
    try:
        return await _finished(request, handle, replay)
    except (Conflict, IntegrityError):
        # The same request at the same time may have won: then its answer is this one's too.
        won = await run_in_threadpool(replay.earlier)
        if won is None:
            raise
        return won


def _commit(work: UnitOfWork, replay: Replay | None, response: Response) -> None:
    if replay is not None and response.status_code in _KEPT:
        replay.keep(work, response)
    work.commit()


def _unit(request: Request) -> UnitOfWork | None:
    return getattr(request.state, "work", None)
