"""When the last byte of a request arrived: what a deadline looks at, whoever had to wait for a turn afterwards."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request


async def last_byte(request: Request) -> datetime:
    """The time (aware, UTC) that the edge noted; routes that ask for it have their body read before they wait."""
    at: datetime = request.state.last_byte_at
    return at


LastByte = Annotated[datetime, Depends(last_byte)]
