"""Errors as part of the interface: one tree, each with a stable code (RFC 9457). docs/problems.md lists them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, ClassVar

from starlette.exceptions import HTTPException

from app.core.procedure.state_machine import StepRefused

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: where (JSON pointer into `source`) and what was expected; never what was given."""

    code: str
    detail: str
    pointer: str
    source: str = "body"


class Problem(HTTPException):
    """The root. `detail` is for people and never repeats input; `pointer` says where, `article` what it rests on."""

    code: ClassVar[str] = "problem"
    title: ClassVar[str] = "The request could not be carried out"
    status: ClassVar[int] = 400
    subjects: ClassVar[tuple[str, ...]] = ()  # state machines whose forbidden transitions this problem answers
    article: str | None = None

    def __init__(
        self,
        detail: str | None = None,
        *,
        pointer: str | None = None,
        faults: Sequence[Fault] = (),
        article: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(self.status, detail or self.title, headers)
        self.pointer = pointer
        self.article = article or self.article
        self.faults = tuple(faults)

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """The problem document; members without a value are left out."""
        members = {
            "type": f"urn:bidscreen:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail if self.detail != self.title else None,
            "pointer": self.pointer,
            "article": self.article,
            "errors": [asdict(fault) for fault in self.faults] or None,
            "requestId": request_id,
        }
        return {name: value for name, value in members.items() if value is not None}


class MalformedRequest(Problem):
    """The body or the request line can't be read at all."""

    code, title, status = "malformed_request", "The request could not be read", 400


class Unauthenticated(Problem):
    """No key and no session, or none that opens anything; which of these isn't told."""

    code, title, status = "unauthenticated", "A valid API key or session is needed", 401

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="bidscreen"'})


class Forbidden(Problem):
    """The role may not do this."""

    code, title, status = "forbidden", "This role may not do that", 403


class NotFound(Problem):
    """It does not exist, or it belongs to somebody else: the two answers are the same."""

    code, title, status = "not_found", "There is nothing under this address", 404


class MethodNotAllowed(Problem):
    """The address exists, the method does not."""

    code, title, status = "method_not_allowed", "This address does not know that method", 405


class RequestTimeout(Problem):
    """The body came too slowly."""

    code, title, status = "request_timeout", "The request body came too slowly", 408


class Conflict(Problem):
    """The state of things does not allow it."""

    code, title, status = "conflict", "This conflicts with what is already recorded", 409


class PreconditionFailed(Problem):
    """Somebody changed it since it was read (`If-Match`)."""

    code, title, status = "precondition_failed", "It was changed since it was read", 412


class TooLarge(Problem):
    """More bytes than the setting allows."""

    code, title, status = "too_large", "The request body is too large", 413


class UnsupportedMediaType(Problem):
    """A body of a kind that isn't read here."""

    code, title, status = "unsupported_media_type", "This kind of content is not read here", 415


class Invalid(Problem):
    """The input was read but isn't valid; `errors` says where and what was expected."""

    code, title, status = "invalid_input", "The input is not valid", 422


class PreconditionRequired(Problem):
    """A change needs `If-Match`, so that nobody overwrites what he has not seen."""

    code, title, status = "precondition_required", "Send If-Match with the ETag that was read", 428


class Unexpected(Problem):
    """A fault of the service; the request id leads to the log."""

    code, title, status = "internal", "The service failed; the request id leads to its log", 500


class Busy(Problem):
    """The database could not be had in time; nothing was changed."""

    code, title, status = "busy", "The service is busy; nothing was changed", 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class Overloaded(Problem):
    """More requests at once than the service takes, or than one caller may have; nothing was read."""

    code, title, status = "overloaded", "Too many requests at once; nothing was changed", 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class TimedOut(Problem):
    """The request took longer than the setting allows; what it had begun was undone."""

    code, title, status = "timed_out", "The request took too long; nothing was changed", 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


def step_problem(refused: StepRefused) -> Problem:
    """The problem that answers a forbidden transition: the class that names its state machine, else Conflict."""
    return _of_subject(refused.kind)(refused.detail, article=refused.article)


@lru_cache(maxsize=64)
def _of_subject(subject: str) -> type[Problem]:
    return next((kind for kind in all_problems(Conflict) if subject in kind.subjects), Conflict)


def all_problems(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """The whole tree, in the order of definition."""
    yield root
    for kind in root.__subclasses__():
        yield from all_problems(kind)
