"""The health check, which requires no authentication."""

from typing import Literal

import anyio.to_thread
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.administration.trail.service import failing_sinks
from app.platform.problems import Busy
from app.platform.unit_of_work import Platform
from app.platform.web.routing import Router
from app.platform.web.schema import Output

router = Router(tags=["health"])


class Health(Output):
    """State of the service, its database, and the delivery of audit checkpoints."""

    status: Literal["ok"]
    version: str
    audit: Literal["kept", "failing"]


@router.get("/health")
async def health(request: Request) -> Health:
    """Check whether requests can be served: 200, or 503 if the database is unavailable."""
    try:
        # Reserved threads: health is checked exactly when all others are busy.
        failing = await anyio.to_thread.run_sync(_ask, request.state.platform, limiter=request.state.spare_threads)
    except SQLAlchemyError as error:
        raise Busy from error
    return Health(status="ok", version=__version__, audit="failing" if failing else "kept")


def _ask(platform: Platform) -> bool:
    with platform.readers.connect() as connection:
        return bool(connection.execute(failing_sinks()).scalar())
