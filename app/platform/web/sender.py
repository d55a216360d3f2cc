"""From where a request came: network address and client program, as far as the edge can tell."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

LONGEST = 400


@dataclass(frozen=True, slots=True)
class SentFrom:
    """`network_address` is the proxy's where one stands in front and is not trusted (`BIDSCREEN_TRUSTED_PROXIES`)."""

    network_address: str | None
    client: str | None


async def sent_from(request: Request) -> SentFrom:
    """Read off the connection and the headers."""
    program = request.headers.get("user-agent", "")[:LONGEST]
    return SentFrom(request.client.host if request.client else None, program or None)


Sender = Annotated[SentFrom, Depends(sent_from)]
