"""A request that needs a second person is tried, not committed: it becomes a proposal, answered 202."""

from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from app.core.procedure.second_person import Act
from app.platform.unit_of_work import Platform, UnitOfWork


@dataclass(frozen=True, slots=True)
class Sought:
    """An act that a request asks for: its route, the tender and the object it concerns, and the request itself.

    `since`: the part of an id that states the time before the trial.
    """

    act: Act
    route: str
    tender_id: str | None
    subject: str
    address: dict[str, Any]
    path: str
    method: str
    if_match: str | None
    body: bytes
    since: str


class Desk(Protocol):
    """Says which requests need a second person, and keeps their proposals (app/platform/approvals/desk.py)."""

    def sought(self, platform: Platform, route: str, request: Request, body: bytes) -> Sought | None:
        """Return what is sought if the request needs a second person, else None."""

    def propose(self, tried: UnitOfWork, work: UnitOfWork, sought: Sought) -> Response:
        """Keep the proposal in `work`; `tried` has carried out the act and is never committed."""


def of_application(request: Request) -> Desk | None:
    """Return the desk of the application, if it has one."""
    return getattr(request.app.state, "desk", None)
