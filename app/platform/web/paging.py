"""Keyset paging: a page starts after the last key of the previous page, so that new rows never shift it."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.platform.problems import Fault, Invalid
from app.platform.web.schema import Output

Item = TypeVar("Item")
Row = TypeVar("Row")
SIGNATURE = 12


class Page(Output, Generic[Item]):
    """One page of items, and the cursor of the next page (null on the last page)."""

    items: list[Item]
    next_cursor: str | None


class PageRequest:
    """The requested page. Cursors are signed per route; a modified or foreign cursor is refused."""

    def __init__(self, limit: int, cursor: str | None, key: bytes, route: str) -> None:
        self.limit = limit
        self._cursor = cursor
        self._key = key
        self._route = route

    def page(
        self,
        session: Session,
        query: Select[Row],
        *,
        key: InstrumentedAttribute[Any],
        view: Callable[[Row], Item],
        descending: bool = False,
    ) -> Page[Item]:
        """Return the page of `query` ordered by `key`, a unique column; one extra row shows whether a next page exists."""
        after = self._after()
        if after is not None:
            query = query.where(key < after if descending else key > after)
        ordered = query.order_by(key.desc() if descending else key.asc()).limit(self.limit + 1)
        rows = list(session.scalars(ordered))
        more = len(rows) > self.limit
        rows = rows[: self.limit]
        last = getattr(rows[-1], key.key) if more else None
        return Page[Any](items=[view(row) for row in rows], next_cursor=self._write(last) if more else None)

    def _write(self, last: Any) -> str:
        body = json.dumps(last).encode()
        return base64.urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def _after(self) -> Any:
        if self._cursor is None:
            return None
        try:
            raw = base64.urlsafe_b64decode(self._cursor + "=" * (-len(self._cursor) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        signature, body = raw[:SIGNATURE], raw[SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(body)):
            fault = Fault("cursor", "Use the nextCursor of a previous page of this list", "/cursor", "query")
            raise Invalid(faults=[fault])
        return json.loads(body)

    def _sign(self, body: bytes) -> bytes:
        return hmac.new(self._key, self._route.encode() + b"\0" + body, hashlib.sha256).digest()[:SIGNATURE]


async def _asked(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200, description="Items per page")] = 50,
    cursor: Annotated[str | None, Query(max_length=400, description="`nextCursor` of the previous page")] = None,
) -> PageRequest:
    return PageRequest(limit, cursor, request.state.platform.keyring.key("cursor"), request.scope["route"].name)


Paging = Annotated[PageRequest, Depends(_asked)]
