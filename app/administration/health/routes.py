"""The health check, which requires no authentication."""

import shutil
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import Request
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.administration.trail.alarms import AlarmCode, alarms
from app.platform.database.migrate import OtherLayout, require_known
from app.platform.database.session import make_session
from app.platform.problems import Busy, Problem
from app.platform.unit_of_work import Platform
from app.platform.web.routing import Router
from app.platform.web.schema import Output

router = Router(tags=["health"])


class DatabaseLayout(Problem):
    """The tables are those of another version: the database was exchanged or the service updated while it ran."""

    code, title, status = "database_layout", "The database has the tables of another version", 503


class Health(Output):
    """State of the service, its database, and the delivery of audit checkpoints."""

    status: Literal["ok"]
    version: str
    audit: Annotated[Literal["kept", "failing"], Field(description="`failing`: there are `alarms`")]
    alarms: Annotated[list[AlarmCode], Field(description="What endangers the proof of the audit trail (docs/audit.md)")]
    storage: Annotated[Literal["ok", "full"], Field(description="`full`: less than `BIDSCREEN_MIN_FREE_BYTES` free")]


@router.get("/health")
async def health(request: Request) -> Health:
    """Check whether requests can be served: 200, or 503 if the database is unavailable."""
    try:
        # Reserved threads: health is checked exactly when all others are busy.
        found, full = await anyio.to_thread.run_sync(_ask, request.state.platform, limiter=request.state.spare_threads)
    except OtherLayout as error:
        raise DatabaseLayout from error
    except SQLAlchemyError as error:
        raise Busy from error
    return Health(
        status="ok",
        version=__version__,
        audit="failing" if found else "kept",
        alarms=found,
        storage="full" if full else "ok",
    )


def _ask(platform: Platform) -> tuple[list[AlarmCode], bool]:
    """Return the alarms of the trail, and whether the storage is full. Errors: OtherLayout."""
    now = platform.clock()
    with platform.readers.connect() as connection:
        require_known(connection)
    with make_session(platform.readers, now) as session:
        failing = sorted({one.code for one in alarms(session, platform, now)})
    directory = platform.settings.data_dir
    return failing, directory.exists() and shutil.disk_usage(directory).free < platform.settings.min_free_bytes
