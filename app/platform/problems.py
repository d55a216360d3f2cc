"""Problems (RFC 9457): one class tree, each with a stable code. docs/problems.md lists them."""

import errno
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, ClassVar

from starlette.exceptions import HTTPException

from app.core.procedure.state_machine import StepRefused

MEDIA_TYPE = "application/problem+json"
_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
_FULL_WORDS = ("No space left on device", "Disk quota exceeded")  # the object store gives the words alone


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in the input: its place (JSON pointer into `source`) and what was expected, never the value."""

    code: str
    detail: str
    pointer: str
    source: str = "body"


class Problem(HTTPException):
    """Base class of all problems. `detail` explains and never repeats input; `pointer` is the place, `article` the legal basis."""

    code: ClassVar[str] = "problem"
    title: ClassVar[str] = "Request failed"
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

    def body(self, request_id: str | None = None, title: str | None = None) -> dict[str, Any]:
        """Return the problem document; members without a value are left out. `title` is the title in another language."""
        members = {
            "type": f"urn:bidscreen:problem:{self.code}",
            "title": title or self.title,
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
    """The request line, headers or body cannot be parsed."""

    code, title, status = "malformed_request", "Malformed request", 400


class Unauthenticated(Problem):
    """The API key or session is missing, invalid or expired; the response does not say which."""

    code, title, status = "unauthenticated", "Authentication required", 401

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="bidscreen"'})


class Forbidden(Problem):
    """The caller's role does not permit this operation."""

    code, title, status = "forbidden", "Not permitted for this role", 403


class NotFound(Problem):
    """The resource does not exist or belongs to another party; the response does not say which."""

    code, title, status = "not_found", "Resource not found", 404


class MethodNotAllowed(Problem):
    """The resource exists but does not support this method."""

    code, title, status = "method_not_allowed", "Method not allowed for this resource", 405


class RequestTimeout(Problem):
    """The request body was not received in time."""

    code, title, status = "request_timeout", "Request body timeout", 408


class Conflict(Problem):
    """The request conflicts with the recorded state."""

    code, title, status = "conflict", "Conflict with the recorded state", 409


class PreconditionFailed(Problem):
    """The resource was changed since it was read (`If-Match` does not match)."""

    code, title, status = "precondition_failed", "Resource was changed since it was read", 412


class TooLarge(Problem):
    """The request body exceeds the limit."""

    code, title, status = "too_large", "Request body too large", 413


class UnsupportedMediaType(Problem):
    """The request body has an unsupported media type."""

    code, title, status = "unsupported_media_type", "Unsupported media type", 415


class Invalid(Problem):
    """The input is invalid; `errors` lists each place and what was expected."""

    code, title, status = "invalid_input", "Invalid input", 422


class PreconditionRequired(Problem):
    """A change requires `If-Match`, so that no client overwrites a change it has not seen."""

    code, title, status = "precondition_required", "If-Match required", 428


class Unexpected(Problem):
    """An internal error; search the log for the request id."""

    code, title, status = "internal", "Internal error", 500


class Busy(Problem):
    """The database was not available in time; nothing was changed."""

    code, title, status = "busy", "Service busy; nothing was changed", 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class StoreUnavailable(Problem):
    """The file store does not answer; nothing was changed."""

    code, title, status = "store_unavailable", "File store unavailable; nothing was changed", 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class StorageFull(Problem):
    """The disk of the database or the file store is full; nothing was changed. `/health` reports it too."""

    code, title, status = "storage_full", "Storage full; nothing was changed", 507

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "60"})


class Overloaded(Problem):
    """Too many concurrent requests in total or from one caller; nothing was read."""

    code, title, status = "overloaded", "Too many concurrent requests; nothing was changed", 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class TimedOut(Problem):
    """The request exceeded `BIDSCREEN_REQUEST_SECONDS` and was rolled back."""

    code, title, status = "timed_out", "Request timed out; nothing was changed", 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


def step_problem(refused: StepRefused) -> Problem:
    """Return the problem that answers a forbidden transition: the class that names its state machine, else Conflict."""
    return _of_subject(refused.kind)(refused.detail, article=refused.article)


@lru_cache(maxsize=64)
def _of_subject(subject: str) -> type[Problem]:
    return next((kind for kind in all_problems(Conflict) if subject in kind.subjects), Conflict)


def is_storage_full(error: BaseException) -> bool:
    """Whether the error, or one that caused it, says that a disk or a quota is exhausted."""
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        if (
            getattr(now, "errno", None) in _FULL_ERRNOS
            or getattr(now, "sqlite_errorname", "") == "SQLITE_FULL"
            or getattr(now, "sqlstate", "") == "53100"
            or any(words in str(now) for words in _FULL_WORDS)
        ):
            return True
        now = getattr(now, "orig", None) or now.__cause__ or now.__context__
    return False


def all_problems(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Yield the whole class tree, in order of definition."""
    yield root
    for kind in root.__subclasses__():
        yield from all_problems(kind)
