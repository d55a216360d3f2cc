"""The ASGI application: middleware from the outside in, then the routes of all features."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from app import __version__
from app.administration.api_keys import keys as api_keys
from app.administration.api_keys.tables import ApiKey
from app.administration.labels.service import labels
from app.administration.trail.delivery import Checkpointer
from app.administration.users import sessions
from app.administration.users.cookies import SessionCookies
from app.administration.users.lockout import AddressLimit
from app.administration.users.tables import UserSession
from app.entrypoints.features import JOB_KINDS, ROUTERS
from app.platform.approvals.desk import ApprovalDesk
from app.platform.unit_of_work import Platform
from app.platform.web.authentication import Authentication
from app.platform.web.concurrency import threads_of
from app.platform.web.console.branch import Console
from app.platform.web.credentials import PREFIX, EmbeddedKeys, Holder, SharedKeys
from app.platform.web.edge import Edge
from app.platform.web.handlers import install
from app.platform.web.last_use import LastUse
from app.platform.web.openapi import describe
from app.platform.web.routing import API, GuardedRoute
from app.tendering.tenders.second_person import acts_of


def create_app(platform: Platform) -> FastAPI:
    """Build the ASGI application on a migrated database."""
    last_use = LastUse(platform.engine, {"key": ApiKey.last_used_at, "ses": UserSession.last_seen_at})
    keys = (EmbeddedKeys if platform.settings.embedded else SharedKeys)(platform, _find)
    app = FastAPI(
        title="bidscreen",
        version=__version__,
        summary="Tender and bidder-qualification screening",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=_lifespan(platform, last_use),
        middleware=[
            Middleware(Edge, platform=platform),
            Middleware(Console),
            *_cors(platform),
            Middleware(
                Authentication,
                keys=keys,
                cookies=SessionCookies(platform),
                last_use=last_use,
                attempts=AddressLimit(platform.settings.login_rate),
            ),
        ],
    )
    app.state.desk = ApprovalDesk(acts_of)
    install(app)
    for router in ROUTERS:
        # Not include_router: it would try each router's routes twice for every request.
        app.router.routes.extend(router.routes)
    _refuse_unguarded(app)
    describe(app, labels().model_dump(by_alias=True)["families"])
    return app


def _cors(platform: Platform) -> list[Middleware]:
    """Allow pages of the configured origins to call with an API key; cookies are never allowed across origins."""
    if not platform.settings.cors_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=platform.settings.cors_origins,
            allow_credentials=False,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-API-Key", "X-Request-Id"],
            expose_headers=[
                "Content-Disposition",
                "ETag",
                "Idempotent-Replayed",
                "Location",
                "Quota-Bytes",
                "Quota-Envelopes",
                "Quota-Files",
                "Retry-After",
                "X-Request-Id",
            ],
            max_age=600,
        )
    ]


def _find(connection: Connection, platform: Platform, credential: str) -> Holder | None:
    """Return the holder of an API key or a session token; the prefix distinguishes them."""
    find = api_keys.find if credential.startswith(PREFIX) else sessions.find
    return find(connection, platform, credential)


def _lifespan(platform: Platform, last_use: LastUse) -> Any:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads_of(platform.settings)
        workers = platform.queue.workers(platform, JOB_KINDS, platform.settings.jobs)
        checkpointer = Checkpointer(platform)
        last_use.start()
        checkpointer.start()
        workers.start()
        yield
        await anyio.to_thread.run_sync(workers.stop)
        await anyio.to_thread.run_sync(last_use.stop)
        await anyio.to_thread.run_sync(checkpointer.stop)
        platform.engine.dispose()

    return lifespan


def _refuse_unguarded(app: FastAPI) -> None:
    """Refuse to start with a route of another router: it would bypass the permission table."""
    for route in app.routes:
        path = getattr(route, "path", "?")
        if not isinstance(route, GuardedRoute) and path != app.openapi_url:
            raise TypeError(f"{path} is not guarded: use app.platform.web.routing.Router")
