"""ETag and If-Match: nobody overwrites what he has not seen (RFC 9110)."""

import re
from typing import Annotated

from fastapi import Depends, Header

from app.platform.problems import PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def etag(version: int) -> str:
    """The tag of a row's version."""
    return f'"{version}"'


async def _read(if_match: Annotated[str | None, Header(max_length=200)] = None) -> frozenset[int] | None:
    if if_match is None:
        return None
    return frozenset(int(found[1]) for found in _TAG.finditer(if_match))


IfMatch = Annotated[frozenset[int] | None, Depends(_read)]


def require_match(wanted: frozenset[int] | None, version: int) -> None:
    """PreconditionRequired without If-Match, PreconditionFailed when the row has moved on."""
    if wanted is None:
        raise PreconditionRequired
    if version not in wanted:
        raise PreconditionFailed
