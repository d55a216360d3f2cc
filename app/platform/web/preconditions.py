"""ETag and If-Match: no client overwrites a change it has not seen (RFC 9110)."""

import re
from typing import Annotated

from fastapi import Depends, Header

from app.platform.problems import PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def etag(version: int) -> str:
    """Return the ETag of a row's version."""
    return f'"{version}"'


async def _read(if_match: Annotated[str | None, Header(max_length=200)] = None) -> frozenset[int] | None:
    if if_match is None:
        return None
    return frozenset(int(found[1]) for found in _TAG.finditer(if_match))


IfMatch = Annotated[frozenset[int] | None, Depends(_read)]


def require_match(wanted: frozenset[int] | None, version: int) -> None:
    """Raise PreconditionRequired without If-Match, PreconditionFailed if the row has changed."""
    if wanted is None:
        raise PreconditionRequired
    if version not in wanted:
        raise PreconditionFailed
