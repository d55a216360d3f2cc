"""Every error is answered with a problem document."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from obstore.exceptions import BaseError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from app.core.procedure.state_machine import StepRefused
from app.platform.outages import outage_problem
from app.platform.problems import (
    MEDIA_TYPE,
    Conflict,
    Invalid,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    PreconditionFailed,
    Problem,
    TooLarge,
    step_problem,
)
from app.platform.web.problem_details import chinese
from app.platform.web.problem_titles import ZH, prefers_chinese
from app.platform.web.validation import faults

log = structlog.get_logger("bidscreen.web")
_BY_STATUS = {404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


def problem_response(problem: Problem, request_id: str | None, accept_language: str = "") -> JSONResponse:
    """Return the problem document with its status and headers; its texts in Chinese where the client prefers Chinese."""
    title = ZH.get(problem.code) if prefers_chinese(accept_language) else None
    headers = {**(problem.headers or {}), "Content-Language": "zh-CN" if title else "en", "Vary": "Accept-Language"}
    body = problem.body(request_id, title)
    return JSONResponse(_in_chinese(body) if title else body, problem.status, headers, media_type=MEDIA_TYPE)


def _in_chinese(body: dict[str, Any]) -> dict[str, Any]:
    shown = {**body, "detail": chinese(body["detail"])} if "detail" in body else body
    if "errors" not in body:
        return shown
    return {**shown, "errors": [{**one, "detail": chinese(one["detail"])} for one in body["errors"]]}


def install(app: FastAPI) -> None:
    """Register a handler for each kind of exception."""
    handlers: dict[Any, Any] = {
        HTTPException: _http,
        StepRefused: _step,
        RequestValidationError: _invalid,
        IntegrityError: _integrity,
        StaleDataError: _stale,
        DBAPIError: _database,
        PoolTimeout: _database,
        OSError: _storage,
        BaseError: _storage,
    }
    app.exception_handlers.update(handlers)


def _answer(request: Request, problem: Problem) -> JSONResponse:
    language = request.headers.get("accept-language", "")
    return problem_response(problem, getattr(request.state, "request_id", None), language)


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    if isinstance(error, Problem):
        return _answer(request, error)
    kind = _BY_STATUS.get(error.status_code, MalformedRequest)
    return _answer(request, kind(headers=error.headers))


async def _step(request: Request, error: StepRefused) -> JSONResponse:
    return _answer(request, step_problem(error))


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    found = faults(error.errors(), error.body)
    return _answer(request, Invalid(pointer=found[0].pointer if len(found) == 1 else None, faults=found))


async def _integrity(request: Request, error: IntegrityError) -> JSONResponse:
    log.info("constraint refused a change", constraint=_constraint(error))
    return _answer(request, Conflict())


async def _stale(request: Request, _error: StaleDataError) -> JSONResponse:
    return _answer(request, PreconditionFailed())


async def _database(request: Request, error: Exception) -> JSONResponse:
    """Answer an absent or busy database; raise any other error of it for the edge to handle."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    problem = outage_problem(error)
    if problem is None:
        raise error
    log.warning("database not available", error=type(error).__name__, code=code)
    return _answer(request, problem)


async def _storage(request: Request, error: Exception) -> JSONResponse:
    """Answer a full or absent store as such; raise any other failure of the system for the edge to handle."""
    problem = outage_problem(error)
    if problem is None:
        raise error
    log.error("storage is not available", error=type(error).__name__, code=problem.code)
    return _answer(request, problem)


def _constraint(error: IntegrityError) -> str:
    # PostgreSQL names the constraint, SQLite only columns; neither includes values.
    diagnosis = getattr(error.orig, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or getattr(error.orig, "sqlite_errorname", "unknown"))
