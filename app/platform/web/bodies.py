"""Request bodies: read completely and within limits before any lock is taken and before parsing.

Size and minimum rate are enforced on arrival (`app.platform.web.edge`).
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any, BinaryIO, cast

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.platform.files.spool import EncryptedSpool
from app.platform.problems import MalformedRequest

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
MOST_FILES = 100
MOST_FIELDS = 32
LARGEST_FIELD = 64 * 1024  # bytes of a form field that is not a file
DEEPEST = 64  # nested arrays and objects
LARGE = 64 * 1024  # bytes of JSON from which it is checked, parsed and validated off the event loop
MOST_NAMES = 20_000  # distinct member names in a document: the parser builds all of them in one step
MOST_VALUES = 1_000_000  # commas, in texts too: the parser builds all values in one step
# Possessive quantifiers: an unterminated string is scanned to the end without backtracking, so matching is linear.
_TEXT = rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
_STRING = re.compile(_TEXT, re.DOTALL)
_NAME = re.compile(rb'("(?:[^"\\]++|\\.)*+")\s*+:|' + _TEXT, re.DOTALL)
# A regular expression holds the interpreter's lock while it runs: a document is matched in parts of bounded length.
_PART = re.compile(rb"(?:[^\"]{1,4096}+|" + _TEXT + rb"(?:\s*+:)?){1,4096}+", re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class TooDeep(MalformedRequest):
    """JSON whose arrays and objects are nested more than 64 deep."""

    code, title = "too_deep", "JSON nested too deeply"


class TooManyNames(MalformedRequest):
    """JSON with more than 20,000 distinct member names; no input of the service has so many."""

    code, title = "too_many_names", "JSON with too many distinct member names"


class TooManyValues(MalformedRequest):
    """JSON with more than a million values; no input of the service has so many."""

    code, title = "too_many_values", "JSON with too many values"


async def read_json(request: Request) -> bool:
    """Read a body that is not a form; TooDeep, TooManyValues or TooManyNames before its JSON is parsed. Return whether it is large."""
    body = await _whole(request)
    is_large = len(body) > LARGE
    if _is_json(request):
        await (run_in_threadpool(_check, body) if is_large else _check_short(body))
    return is_large


def in_a_thread(handle: Handler) -> Handler:
    """Return a handler that runs in an event loop of a thread of its own: the service answers others meanwhile."""

    async def handled(request: Request) -> Response:
        return await run_in_threadpool(lambda: asyncio.run(_awaited(handle, request)))

    return handled


async def _awaited(handle: Handler, request: Request) -> Response:
    return await handle(request)


async def _check_short(body: bytes) -> None:
    _check(body)


def _check(body: bytes) -> None:
    if deeper_than(body, DEEPEST):
        raise TooDeep(f"the limit is {DEEPEST} levels")
    if body.count(b",") > MOST_VALUES:
        raise TooManyValues(f"the limit is {MOST_VALUES} values")
    if more_names_than(body, MOST_NAMES):
        raise TooManyNames(f"the limit is {MOST_NAMES} names")


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


async def read_form(request: Request) -> bool:
    """Read a form, whose files of more than 1 MiB are spooled to encrypted temporary files. It is never large JSON."""
    if not request.headers.get("content-type"):
        await _whole(request)
        return False
    try:
        async with aclosing(request.stream()) as stream:
            # Where Request.form looks first: FastAPI and Idempotency-Key find the form that was read here.
            request._form = await _parsed(request, stream)
    except MultiPartException:
        limits = f"{MOST_FILES} files and {MOST_FIELDS} fields of {LARGEST_FIELD} bytes"
        raise MalformedRequest(f"the form cannot be parsed; the limits are {limits}") from None
    except ClientDisconnect:
        raise MalformedRequest("the connection ended before the end of the body") from None
    return False


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
    for part in _PART.finditer(body):
        for bracket in _STRING.sub(b"", part[0]).translate(None, _NOT_BRACKETS):
            depth += 1 if bracket in b"[{" else -1
            if depth > levels:
                return True
    return False


def more_names_than(body: bytes, most: int) -> bool:
    """Whether objects have more than `most` distinct member names; linear in the size of any input."""
    if body.count(b":") <= most:
        return False
    names: set[bytes] = set()
    for part in _PART.finditer(body):
        names.update(_NAME.findall(part[0]))
        if len(names) - (b"" in names) > most:
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
