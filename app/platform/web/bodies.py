"""The body of a request: read whole and in bounds before anybody waits for a lock, and before it is parsed.

How many bytes, and how slowly they may come, is watched where they arrive (`app.platform.web.edge`).
"""

import re

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from app.platform.problems import MalformedRequest

MOST_FILES = 100
MOST_FIELDS = 32
LARGEST_FIELD = 64 * 1024  # bytes of a form's field that is no file
DEEPEST = 64  # arrays and objects in one another
# An unended string runs to the end: with no way to try again from within it, the search stays linear.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class TooDeep(MalformedRequest):
    """JSON whose arrays and objects lie in one another more than 64 deep."""

    code, title = "too_deep", "The JSON is nested too deeply"


async def read_json(request: Request) -> None:
    """Reads a body that isn't a form; TooDeep when it is JSON in too many layers."""
    body = await _whole(request)
    if _is_json(request) and deeper_than(body, DEEPEST):
        raise TooDeep(f"up to {DEEPEST} levels are read")


async def read_form(request: Request) -> None:
    """Reads a form; its files go to temporary files as they arrive. Starlette hands the same form out again later."""
    if not request.headers.get("content-type"):
        await _whole(request)
        return
    try:
        await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
    except HTTPException as error:
        if type(error) is not HTTPException:
            raise
        limits = f"up to {MOST_FILES} files and {MOST_FIELDS} fields of {LARGEST_FIELD} bytes"
        raise MalformedRequest(f"this form can't be read; {limits} are taken") from None
    except ClientDisconnect:
        raise MalformedRequest("the body ended before its end") from None


def deeper_than(body: bytes, levels: int) -> bool:
    """Whether brackets outside strings lie in one another more than so deep; linear, whatever the bytes are."""
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
        raise MalformedRequest("the body ended before its end") from None


def _is_json(request: Request) -> bool:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return not given or given == "application/json" or given.endswith("+json")
