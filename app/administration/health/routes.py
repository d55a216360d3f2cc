"""The health check, which requires no authentication."""

import shutil
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import Request
from pydantic import Field
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
    storage: Annotated[Literal["ok", "full"], Field(description="`full`: less than `BIDSCREEN_MIN_FREE_BYTES` free")]


@router.get("/health")
async def health(request: Request) -> Health:
    """Check whether requests can be served: 200, or 503 if the database is unavailable."""
    try:
        # Reserved threads: health is checked exactly when all others are busy.
        failing, full = await anyio.to_thread.run_sync(
            _ask, request.state.platform, limiter=request.state.spare_threads
        )
    except SQLAlchemyError as error:
        raise Busy from error
    return Health(
        status="ok", version=__version__, audit="failing" if failing else "kept", storage="full" if full else "ok"
    )


def _ask(platform: Platform) -> tuple[bool, bool]:
    """Whether a sink fails, and whether the storage is full."""
    with platform.readers.connect() as connection:
        failing = bool(connection.execute(failing_sinks()).scalar())
    directory = platform.settings.data_dir
    return failing, directory.exists() and shutil.disk_usage(directory).free < platform.settings.min_free_bytes
