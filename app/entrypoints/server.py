"""The HTTP server: one process whose threads do the work."""

import socket

import structlog
import uvicorn

from app.entrypoints.asgi import create_app
from app.entrypoints.core_dumps import forbid_core_dumps
from app.entrypoints.instance import described
from app.platform.settings import Settings
from app.platform.unit_of_work import Platform
from app.platform.web.connection import MOST_UNREAD, connection_class
from app.platform.web.logs import configure

ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with a setting
Ready = tuple[uvicorn.Server, socket.socket]


def serve(platform: Platform) -> None:
    """Serve until SIGTERM or SIGINT; print the address first."""
    run(prepared(platform))


def prepared(platform: Platform) -> Ready:
    """Return the server and its bound socket. OSError names an address that is not available."""
    configure(platform.settings)
    structlog.get_logger("bidscreen.instance").info("serving", instance=described(platform.settings))
    _warn_of_names(platform.settings)
    listening = listen(platform.settings.host, platform.settings.port)
    return uvicorn.Server(configuration(platform)), listening


def _warn_of_names(settings: Settings) -> None:
    """Log that nobody else can call a service that listens for others and knows no name of its own."""
    if settings.host in ANY_ADDRESS and not settings.trusted_hosts:
        structlog.get_logger("bidscreen.instance").warning(
            "only calls to localhost are answered: BIDSCREEN_TRUSTED_HOSTS lists no name", host=settings.host
        )


def run(ready: Ready) -> None:
    """Serve until SIGTERM or SIGINT."""
    server, listening = ready
    forbid_core_dumps()
    host, port = listening.getsockname()[:2]
    print(f"listening on http://{host}:{port}", flush=True)
    server.run(sockets=[listening])


def configuration(platform: Platform) -> uvicorn.Config:
    """Return the uvicorn configuration; everything uvicorn would otherwise read from the environment is set here."""
    settings = platform.settings
    return uvicorn.Config(
        create_app(platform),
        http=connection_class(settings),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        h11_max_incomplete_event_size=MOST_UNREAD,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=20,
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket with protocol TCP: asyncio disables Nagle's algorithm only if the protocol is stated.

    Otherwise each response of two packets would wait 40 ms for an acknowledgement. OSError names an address that is not
    available.
    """
    flags = socket.AI_PASSIVE
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
    except OSError as error:
        raise OSError(error.errno, error.strerror, f"{host}:{port}") from error
    return listening
