"""Request bodies: read completely and within limits before any lock is taken and before parsing.

Size and minimum rate are enforced on arrival (`app.platform.web.edge`).
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import BinaryIO, cast

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.platform.files.spool import EncryptedSpool
from app.platform.problems import MalformedRequest

MOST_FILES = 100
MOST_FIELDS = 32
LARGEST_FIELD = 64 * 1024  # bytes of a form field that is not a file
DEEPEST = 64  # nested arrays and objects
# Possessive quantifiers: an unterminated string is scanned to the end without backtracking, so matching is linear.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class TooDeep(MalformedRequest):
    """JSON whose arrays and objects are nested more than 64 deep."""

    code, title = "too_deep", "JSON nested too deeply"


async def read_json(request: Request) -> None:
    """Read a body that is not a form; TooDeep if its JSON is nested too deeply."""
    body = await _whole(request)
    if _is_json(request) and deeper_than(body, DEEPEST):
        raise TooDeep(f"the limit is {DEEPEST} levels")


class EncryptedParts(MultiPartParser):
    """Starlette's parser, which spools files to the disk encrypted instead of in clear."""

    def on_headers_finished(self) -> None:
        """Replace the file that was just made for a part; it is empty and still in memory."""
        super().on_headers_finished()
        upload = self._current_part.file
        if upload is None:
            return
        self._files_to_close_on_error.pop().close()
        spool = EncryptedSpool(self.spool_max_size)
        self._files_to_close_on_error.append(spool)  # type: ignore[arg-type]
        upload.file, upload._max_mem_size = cast(BinaryIO, spool), self.spool_max_size


async def read_form(request: Request) -> None:
    """Read a form; files of more than 1 MiB are spooled to encrypted temporary files. The request caches the form."""
    if not request.headers.get("content-type"):
        await _whole(request)
        return
    try:
        async with aclosing(request.stream()) as stream:
            # Where Request.form looks first: FastAPI and Idempotency-Key find the form that was read here.
            request._form = await _parsed(request, stream)
    except MultiPartException:
        limits = f"{MOST_FILES} files and {MOST_FIELDS} fields of {LARGEST_FIELD} bytes"
        raise MalformedRequest(f"the form cannot be parsed; the limits are {limits}") from None
    except ClientDisconnect:
        raise MalformedRequest("the connection ended before the end of the body") from None


async def _parsed(request: Request, stream: AsyncGenerator[bytes]) -> FormData:
    parser = EncryptedParts(
        request.headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
    )
    return await parser.parse()


def deeper_than(body: bytes, levels: int) -> bool:
    """Whether brackets outside strings are nested deeper than `levels`; linear in the size of any input."""
    if body.count(b"[") + body.count(b"{") <= levels:
        return False
    depth = 0
    for bracket in _STRING.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > levels:
            return True
    return False


async def _whole(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect:
        raise MalformedRequest("the connection ended before the end of the body") from None


def _is_json(request: Request) -> bool:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return not given or given == "application/json" or given.endswith("+json")
