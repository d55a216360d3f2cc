"""Routes of the service, each guarded by the permission table before its body is read."""

import functools
import inspect
import math
import re
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any

import anyio
from fastapi import APIRouter, params
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from app.platform.access.acts import ACT_ROUTES
from app.platform.access.permissions import PUBLIC, require
from app.platform.database.sensitive import mask_numbers
from app.platform.problems import Conflict, Fault, Invalid, Overloaded, TimedOut, UnsupportedMediaType
from app.platform.unit_of_work import SAFE, UnitOfWork, writing
from app.platform.web.arrival import last_byte
from app.platform.web.bodies import in_a_thread, read_form, read_json
from app.platform.web.bounded_errors import bound_errors
from app.platform.web.concurrency import COMPUTING, PICTURES, Kind, Lane
from app.platform.web.idempotency import UNREMEMBERED, Replay, request_hash
from app.platform.web.query import query_names, require_known
from app.platform.web.second_person import Desk, Sought, of_application

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_KEY = re.compile(r"[\x21-\x7e]{1,64}")
_KEPT = range(200, 300)
_NOT_IN_A_THREAD = (inspect.isgeneratorfunction, inspect.isasyncgenfunction, inspect.iscoroutinefunction)
UNHINDERED = frozenset({"health", "is_alive", "is_ready"})  # never subject to concurrency limits
API = "/api/v1"
JSON = "application/json"


class GuardedRoute(APIRoute):
    """A route that enforces the permission table, media types, concurrency limits and Idempotency-Key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, self._in_one_thread(endpoint), **options)
        bound_errors(self.dependant.body_params)
        self._beginning = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match like Starlette's route, but reject a path with another static prefix without its regular expression."""
        if not scope.get("root_path") and not scope["path"].startswith(self._beginning):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Handler:
        """Return FastAPI's handler behind the guards, all of which run before the unit of work commits."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if self.name not in PUBLIC:
                require(self.name, request.state.principal, request.path_params)
            require_known(request.query_params, self._query_names)
            self._check_media_type(request)
            await self._enter(request)
            if not self._has_body:
                await self._turn(request, self._lane)
                return await self._in_time(request, handle)
            try:
                is_large = await (read_form(request) if self._form else read_json(request))
                await self._turn(request, Kind.COMPUTING if is_large else self._lane)
                return await self._in_time(request, in_a_thread(handle) if is_large else handle)
            finally:
                await request.close()

        return guarded

    async def _enter(self, request: Request) -> None:
        """Take a place in the route's lane; the place is released when the response has been sent.

        Only an upload waits for its turn here: others have theirs when their body has been read, however slowly it comes.
        """
        if self._lane is Kind.NONE:
            return
        request.state.held.append(request.state.lanes[self._lane].place(_holder(request)))
        if self._lane is Kind.UPLOADS:
            await _take_turn(request, request.state.lanes[Kind.UPLOADS])

    async def _turn(self, request: Request, kind: Kind) -> None:
        """Wait for a turn in a lane; streams have none, uploads have theirs already."""
        if kind not in {Kind.NONE, Kind.STREAMS, Kind.UPLOADS}:
            await _take_turn(request, request.state.lanes[kind])

    async def _in_time(self, request: Request, handle: Handler) -> Response:
        """Handle the request within the time limit; past it nothing is committed, once a running thread has ended."""
        if self._lane is Kind.STREAMS:
            return await _finished(request, handle)  # streams have a limit of their own
        with anyio.move_on_after(request.state.platform.settings.request_seconds) as limit:
            request.state.time_limit = limit
            if not self._writes:
                return await _finished(request, handle)
            writers: Lane = request.state.envelope_writers if self._counts_arrival else request.state.writers
            end = await writers.turn(_holder(request))
            try:
                replay = await self._replay(request)
                handle = await self._by_two(request, handle)
                return await (_finished(request, handle) if replay is None else _once(request, handle, replay))
            finally:
                end()
        raise TimedOut

    async def carried_out(self, request: Request) -> Response:
        """Handle a request that was guarded and proposed before, in the unit of work that its state gives."""
        return await super().get_route_handler()(request)

    async def _by_two(self, request: Request, handle: Handler) -> Handler:
        """Return a handler that proposes the act of this request, if it needs a second person; else the same handler."""
        desk = of_application(request)
        if desk is None or self.name not in ACT_ROUTES:
            return handle
        platform, body = request.state.platform, await request.body()
        sought = await run_in_threadpool(desk.sought, platform, self.name, request, body)
        return handle if sought is None else functools.partial(_proposed, handle=handle, desk=desk, sought=sought)

    @cached_property
    def _query_names(self) -> frozenset[str]:
        return query_names(self.dependant)

    @cached_property
    def _has_body(self) -> bool:
        return not (self.methods or set()) <= SAFE

    @cached_property
    def _form(self) -> bool:
        return self.body_field is not None and isinstance(self.body_field.field_info, params.Form)

    @cached_property
    def _lane(self) -> Kind:
        if self.name in UNHINDERED:
            return Kind.NONE
        if inspect.isasyncgenfunction(self.dependant.call):
            return Kind.STREAMS
        if self._counts_arrival:
            return Kind.ENVELOPES  # never queued before reading, and not blocked by other requests
        if self.name in COMPUTING:
            return Kind.COMPUTING
        if self.name in PICTURES:
            return Kind.PICTURES
        return Kind.UPLOADS if self._form else Kind.REQUESTS

    @cached_property
    def _writes(self) -> bool:
        asked = {dependency.call for dependency in self.dependant.dependencies}
        return writing in asked or not (self.methods or set()) <= SAFE

    @cached_property
    def _counts_arrival(self) -> bool:
        return any(dependency.call is last_byte for dependency in self.dependant.dependencies)

    def _in_one_thread(self, endpoint: Callable[..., Any]) -> Callable[..., Any]:
        """Run the endpoint, serialize the JSON and close a reading unit of work in one thread.

        So no request holds a connection while it waits for a thread.
        """
        if any(kind(endpoint) for kind in _NOT_IN_A_THREAD):
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
            return result  # FastAPI validates and serializes it
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
        form = self._form
        if not (given == "multipart/form-data" if form else given == "application/json" or given.endswith("+json")):
            raise UnsupportedMediaType("multipart/form-data is expected" if form else "application/json is expected")

    async def _replay(self, request: Request) -> Replay | None:
        key = request.headers.get("idempotency-key")
        if key is None or request.method != "POST" or self.name in UNREMEMBERED:
            return None
        if not _KEY.fullmatch(key) or mask_numbers(key) != key:
            fault = Fault(
                "pattern",
                "Use 1 to 64 printable ASCII characters without a resident ID",
                "/idempotency-key",
                "header",
            )
            raise Invalid(faults=[fault])
        state = request.state
        return Replay(state.platform, state.principal.id, self.name, key, await request_hash(request))


class Router(APIRouter):
    """The router of a feature. Function names serve as route names, operation ids and permission keys."""

    def __init__(self, prefix: str = "", **options: Any) -> None:
        super().__init__(
            prefix=f"{API}{prefix}",
            route_class=GuardedRoute,
            generate_unique_id_function=lambda route: route.name,
            **options,
        )


async def _finished(request: Request, handle: Handler, replay: Replay | None = None) -> Response:
    """Handle the request and commit its unit of work before the response is sent."""
    try:
        response = await handle(request)
        work = _unit(request)
        if work is not None and not work.reading:
            request.state.time_limit.deadline = math.inf  # the commit will happen, so the response must report it
            await run_in_threadpool(_commit, work, replay, response)
        return response
    finally:
        work = _unit(request)
        if work is not None:
            work.close()


async def _proposed(request: Request, *, handle: Handler, desk: Desk, sought: Sought) -> Response:
    """Try the act, roll it back, and keep its proposal instead; an act that is refused answers as ever."""
    response = await handle(request)
    tried = _unit(request)
    if response.status_code not in _KEPT or tried is None:
        return response
    state = request.state
    state.work = UnitOfWork(state.platform, state.principal, state.request_id)
    return await run_in_threadpool(desk.propose, tried, state.work, sought)


async def _once(request: Request, handle: Handler, replay: Replay) -> Response:
    earlier = await run_in_threadpool(replay.earlier)
    if earlier is not None:
        return earlier
    try:
        return await _finished(request, handle, replay)
    except (Conflict, IntegrityError):
        # An identical concurrent request may have won: then its response is replayed.
        won = await run_in_threadpool(replay.earlier)
        if won is None:
            raise
        return won


def _commit(work: UnitOfWork, replay: Replay | None, response: Response) -> None:
    if replay is not None and response.status_code in _KEPT:
        replay.keep(work, response)
    work.commit()


async def _take_turn(request: Request, lane: Lane) -> None:
    """Wait for a turn, which ends when the response has been sent; Overloaded if it does not come in time."""
    end = lane.turn_now(_holder(request))
    if end is None:
        with anyio.move_on_after(request.state.platform.settings.request_seconds):
            end = await lane.turn(_holder(request))
    if end is None:
        raise Overloaded
    request.state.held.append(end)


def _holder(request: Request) -> str:
    """Return the holder whose share of a lane a request uses: a bidder's organization, another caller, or an address."""
    principal = getattr(request.state, "principal", None)
    if principal is None:
        return str(request.client.host if request.client else "")
    return str(principal.organization_scope or principal.id)


def _unit(request: Request) -> UnitOfWork | None:
    return getattr(request.state, "work", None)
