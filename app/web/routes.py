"""Health: the one route that answers without a key."""

from typing import Literal

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.audit.service import failing_sinks
from app.problems import Busy
from app.web.routing import Router
from app.web.schema import Output

router = Router(tags=["health"])


class Health(Output):
    """The service is up and its database answers; `audit` says whether the sinks take the trail's checkpoints."""

    status: Literal["ok"]
    version: str
    audit: Literal["kept", "failing"]


@router.get("/health")
def health(request: Request) -> Health:
    """Whether requests can be served: 200, or 503 when the database can't be reached."""
    try:
        with request.state.platform.readers.connect() as connection:
            failing = connection.execute(failing_sinks()).scalar()
    except SQLAlchemyError as error:
        raise Busy from error
    return Health(status="ok", version=__version__, audit="failing" if failing else "kept")
