"""Carry out an agreed act: its request once more through its own route, in the unit of work of the agreement."""

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.core.procedure.state_machine import StepRefused
from app.core.values.canonical import canonical_json
from app.platform.access.permissions import require
from app.platform.approvals import service
from app.platform.approvals.schemas import Carried
from app.platform.approvals.tables import Approval
from app.platform.database.identifiers import new_id
from app.platform.problems import Problem
from app.platform.unit_of_work import UnitOfWork
from app.platform.web.routing import GuardedRoute

REFUSED = 300


async def carry_out(request: Request, work: UnitOfWork, row: Approval, given: dict[str, Any]) -> Carried:
    """Carry out the act under the proposer's name with the caller as second person, and settle the approval.

    ApprovalStale if the act is refused now, or would change something else than what was shown.
    """
    route = next(one for one in request.app.router.routes if isinstance(one, GuardedRoute) and one.name == row.route)
    second, since = work.principal, new_id("x")[2:12]
    work.principal = service.proposer_of(row)
    try:
        require(row.route, work.principal, given["address"])
        answer = await route.carried_out(_inner(request, route, work, given))
    except (Problem, StepRefused) as refused:
        code = getattr(refused, "code", "state_forbids")
        raise service.ApprovalStale(f"The act is refused now: {code}") from None
    finally:
        work.principal = second
    if answer.status_code >= REFUSED:
        raise service.ApprovalStale
    await run_in_threadpool(service.agree, work, row, since)
    return _carried(answer)


def _inner(request: Request, route: GuardedRoute, work: UnitOfWork, given: dict[str, Any]) -> Request:
    body = b"" if given["body"] is None else canonical_json(given["body"])
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if given["ifMatch"]:
        headers.append((b"if-match", given["ifMatch"].encode()))
    scope = {
        **request.scope,
        "method": given["method"],
        "path": given["path"],
        "raw_path": given["path"].encode(),
        "query_string": b"",
        "path_params": given["address"],
        "headers": headers,
        "route": route,
        "endpoint": route.endpoint,
        "state": {**request.scope["state"], "principal": work.principal, "work": work, "given_work": work},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)


def _carried(answer: Response) -> Carried:
    text = bytes(answer.body)
    return Carried(
        status=answer.status_code,
        location=answer.headers.get("location"),
        etag=answer.headers.get("etag"),
        body=json.loads(text) if text else None,
    )
