"""The desk at the routes: decides whether a request needs a second person, and keeps its proposal."""

import json
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.procedure.second_person import Act
from app.platform.access.acts import ACT_ROUTES, act_of
from app.platform.approvals import service
from app.platform.approvals.schemas import ApprovalOut
from app.platform.database.identifiers import new_id
from app.platform.unit_of_work import Platform, UnitOfWork
from app.platform.web.second_person import Sought


@dataclass(frozen=True, slots=True)
class OfTender:
    """The tender that a request concerns, and the acts for which its policy demands two persons."""

    tender_id: str
    acts: Set[Act]


OfAddress = Callable[[UnitOfWork, dict[str, Any]], OfTender | None]


class ApprovalDesk:
    """`terms` finds the tender of a request by its path parameters; it comes from the wing that keeps tenders."""

    def __init__(self, terms: OfAddress) -> None:
        self._terms = terms

    def sought(self, platform: Platform, route: str, request: Request, body: bytes) -> Sought | None:
        """Return what is sought if policy or setting demands two persons for the act of this request."""
        act = act_of(route, _parsed(body)) if route in ACT_ROUTES else None
        if act is None:
            return None
        address = dict(request.path_params)
        with platform.reading() as work:
            found = self._terms(work, address)
        if act not in platform.settings.two_persons and (found is None or act not in found.acts):
            return None
        return Sought(
            act,
            route,
            found.tender_id if found else None,
            str(list(address.values())[-1]),
            address,
            request.url.path,
            request.method,
            request.headers.get("if-match"),
            body,
            new_id("x")[2:12],
        )

    def propose(self, tried: UnitOfWork, work: UnitOfWork, sought: Sought) -> Response:
        """Roll back the trial and keep the proposal; 202 with its place."""
        changes = service.changes_of(tried, sought.since)
        tried.close()
        row = service.propose(work, sought, changes)
        body = ApprovalOut.of(row, work.now).model_dump(mode="json", by_alias=True)
        headers = {"Location": f"/api/v1/approvals/{row.id}", "ETag": f'"{row.version}"'}
        return JSONResponse(body, 202, headers)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body.strip() else None
    except ValueError:
        return None  # the route refuses it
