"""Origin of a request: network address and user agent."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

LONGEST = 400


@dataclass(frozen=True, slots=True)
class SentFrom:
    """`network_address` is that of the proxy unless it is trusted (`BIDSCREEN_TRUSTED_PROXIES`)."""

    network_address: str | None
    client: str | None


async def sent_from(request: Request) -> SentFrom:
    """Return the sender by connection and headers."""
    program = request.headers.get("user-agent", "")[:LONGEST]
    return SentFrom(request.client.host if request.client else None, program or None)


Sender = Annotated[SentFrom, Depends(sent_from)]
