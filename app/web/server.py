"""Serving: one process; its threads do the work."""

import socket

import uvicorn

from app.main import create_app
from app.web.logs import configure
from app.work import Platform


def serve(platform: Platform) -> None:
    """Runs until it is told to stop (SIGTERM, SIGINT); prints the address it listens on."""
    configure(platform.settings)
    listening = _listen(platform.settings.host, platform.settings.port)
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


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket that says it speaks TCP: asyncio turns Nagle's algorithm off only where it can tell.

    Without that every answer of two packets would wait 40 ms for an acknowledgement.
    """
    flags = socket.AI_PASSIVE
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)[0]
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(address)
    listening.listen(1024)
    return listening
