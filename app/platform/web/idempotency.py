"""Idempotency-Key: a POST sent twice is executed once, and its first response is replayed."""

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.core.values.canonical import sha256_hex
from app.platform.access.roles import SYSTEM
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import Platform, UnitOfWork
from app.platform.web.tables import IdempotentAnswer

KEPT_HEADERS = ("location", "etag", "quota-files", "quota-bytes", "quota-envelopes")
# Routes whose response contains a secret: it is never stored.
SHOWN_ONCE = frozenset({"create_api_key", "create_user", "reset_user", "agree_approval"})
# Routes that receive a password or code: not even a hash of the request is stored.
UNREMEMBERED = frozenset(
    {
        *("log_in", "change_own_password"),
        *("begin_second_factor", "confirm_second_factor", "remove_second_factor"),
    }
)
PIECE = 1024 * 1024


class KeyUsedOtherwise(Invalid):
    """The key was already used with a different body or path."""

    code, title = "idempotency_key_reused", "Idempotency-Key already used for another request"


class SecretShownOnce(Conflict):
    """The request was executed before; its response contained a secret, which is shown only once."""

    code, title = "secret_shown_once", "Already executed; the secret in the response is shown only once"


class Replay:
    """One request with an Idempotency-Key."""

    def __init__(self, platform: Platform, principal_id: str, route: str, key: str, request_hash: str) -> None:
        self._platform = platform
        self._identity = (principal_id, route, key)
        self._request_hash = request_hash

    def earlier(self) -> Response | None:
        """Return the earlier response, if any; KeyUsedOtherwise if the key belongs to another request."""
        with UnitOfWork(self._platform, SYSTEM, "", reading=True) as work:
            found = work.session.get(IdempotentAnswer, self._identity)
        if found is None or found.created_at < self._oldest(work):
            return None
        if found.request_hash != self._request_hash:
            raise KeyUsedOtherwise(
                faults=[Fault("reused", "Use a key that has not been used before", "/idempotency-key", "header")]
            )
        if found.answer is None:
            raise SecretShownOnce
        return _restore(found)

    def keep(self, work: UnitOfWork, response: Response) -> None:
        """Store the response in the transaction of the change."""
        principal_id, route, key = self._identity
        session = work.session
        session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.created_at < self._oldest(work)))
        row = IdempotentAnswer(
            principal_id=principal_id,
            route=route,
            key=key,
            request_hash=self._request_hash,
            status=response.status_code,
            answer=None if route in SHOWN_ONCE else _parts(response),
            created_at=work.now,
        )
        session.add(row)
        work.flush()

    def _oldest(self, work: UnitOfWork) -> Any:
        return work.now - timedelta(hours=self._platform.settings.idempotency_hours)


async def request_hash(request: Request) -> str:
    """SHA-256 of path, query and body; of a form's fields and files regardless of its boundary."""
    digest = hashlib.sha256(f"{request.url.path}?{request.url.query}\n".encode())
    if not request.headers.get("content-type", "").startswith("multipart/"):
        digest.update(await request.body())
        return digest.hexdigest()
    for name, value in (await request.form()).multi_items():
        digest.update(f"{name}\n{await _content_hash(value)}\n".encode())
    return digest.hexdigest()


async def _content_hash(value: UploadFile | str) -> str:
    if isinstance(value, str):
        return sha256_hex(value.encode("utf-8", "surrogatepass"))
    digest = hashlib.sha256(f"{value.filename}\n{value.content_type}\n".encode("utf-8", "surrogatepass"))
    while piece := await value.read(PIECE):
        digest.update(piece)
    await value.seek(0)
    return digest.hexdigest()


def _parts(response: Response) -> dict[str, Any]:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return {"body": bytes(response.body).decode(), "headers": headers, "media": response.headers.get("content-type")}


def _restore(row: IdempotentAnswer) -> Response:
    answer = row.answer
    headers = {**answer["headers"], "Idempotent-Replayed": "true"}
    return Response(answer["body"], row.status, headers, media_type=answer["media"])
