"""Serving: migrate, then listen. One process; its threads do the work."""

import socket

import uvicorn

from app.bootstrap import build
from app.database.migrate import upgrade
from app.main import create_app
from app.settings import Settings
from app.web.logs import configure


def serve(settings: Settings) -> None:
    """Runs until it is told to stop (SIGTERM, SIGINT); prints the address it listens on."""
    configure(settings)
    platform = build(settings)
    upgrade(platform.engine)
    listening = socket.create_server((settings.host, settings.port), reuse_port=False, backlog=1024)
    host, port = listening.getsockname()[:2]
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(platform),
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=20,
        )
    )
    print(f"listening on http://{host}:{port}", flush=True)
    server.run(sockets=[listening])
