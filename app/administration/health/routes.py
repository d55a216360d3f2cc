"""Health, liveness and readiness, which require no authentication, and the metrics, which do."""

import shutil
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import Request
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse

from app import __version__
from app.administration.health.exposition import MEDIA_TYPE, text_of
from app.administration.health.metrics import metrics
from app.administration.trail.alarms import AlarmCode, alarms
from app.platform.database.migrate import OtherLayout, require_known
from app.platform.database.session import make_session
from app.platform.problems import Busy, Problem
from app.platform.unit_of_work import Platform, Work
from app.platform.web.routing import Router
from app.platform.web.schema import Output

router = Router(tags=["health"])
NO_FILE = "0" * 64  # the question matters, not the answer
TEXT: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/plain": {"schema": {"type": "string"}, "example": 'bidscreen_screenings{verdict="eligible"} 9'}
        }
    }
}


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


class Alive(Output):
    """The process answers."""

    status: Literal["alive"]


class Ready(Output):
    """Requests can be served."""

    status: Literal["ready"]


@router.get("/health/live")
async def is_alive() -> Alive:
    """Check whether the process answers, whatever else is away: restart it if it does not."""
    return Alive(status="alive")


@router.get("/health/ready")
async def is_ready(request: Request) -> Ready:
    """Check whether database and file store can be reached: 200, or 503 with the reason; send no requests until then."""
    try:
        await anyio.to_thread.run_sync(_reach, request.state.platform, limiter=request.state.spare_threads)
    except OtherLayout as error:
        raise DatabaseLayout from error
    return Ready(status="ready")


@router.get("/metrics", response_class=PlainTextResponse, responses=TEXT)
def read_metrics(request: Request, work: Work) -> PlainTextResponse:
    """Return the metrics in Prometheus' text format: requests of this process; jobs, documents, verdicts of the instance."""
    return PlainTextResponse(text_of(metrics(work, request.state.request_counts)), media_type=MEDIA_TYPE)


def _reach(platform: Platform) -> None:
    """Ask database and file store. Errors: OtherLayout, and whatever an outage raises."""
    with platform.readers.connect() as connection:
        require_known(connection)
    platform.files.exists(NO_FILE)


def _ask(platform: Platform) -> tuple[list[AlarmCode], bool]:
    """Return the alarms of the trail, and whether the storage is full. Errors: OtherLayout."""
    now = platform.clock()
    with platform.readers.connect() as connection:
        require_known(connection)
    with make_session(platform.readers, now) as session:
        failing = sorted({one.code for one in alarms(session, platform, now)})
    directory = platform.settings.data_dir
    return failing, directory.exists() and shutil.disk_usage(directory).free < platform.settings.min_free_bytes
