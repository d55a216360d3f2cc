"""Health: the one route that answers without a key."""

from typing import Literal

from fastapi import Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.problems import Busy
from app.web.routing import Router
from app.web.schema import Output

router = Router(tags=["health"])


class Health(Output):
    """The service is up and its database answers."""

    status: Literal["ok"]
    version: str


@router.get("/health")
def health(request: Request) -> Health:
    """Whether requests can be served: 200, or 503 when the database can't be reached."""
    try:
        with request.state.platform.readers.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise Busy from error
    return Health(status="ok", version=__version__)
