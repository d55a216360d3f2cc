"""Arrival time of a request's last byte, which decides deadlines regardless of later queueing."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request


async def last_byte(request: Request) -> datetime:
    """Return the time (aware, UTC) recorded by the edge; routes that use it read their body before they queue."""
    at: datetime = request.state.last_byte_at
    return at


LastByte = Annotated[datetime, Depends(last_byte)]
