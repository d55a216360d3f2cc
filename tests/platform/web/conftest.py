"""The service behind uvicorn on this machine's loopback, for behaviour of real connections."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.entrypoints.bootstrap import build
from app.entrypoints.server import configuration, listen
from app.platform.access.roles import Role
from app.platform.settings import Settings
from app.platform.unit_of_work import Platform

SECRET = "only-for-tests-only-for-tests-only-for-tests"


@dataclass
class Served:
    """A running service."""

    port: int
    platform: Platform

    def key(self, role: Role) -> str:
        with self.platform.work() as work:
            return create(work, f"test {role}", Binding(role))[1]

    @contextlib.contextmanager
    def connect(self) -> Iterator["Line"]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            yield Line(connection)


class Line:
    """A connection on which tests send what no client would."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def say(self, data: bytes) -> "Line":
        self.connection.sendall(data)
        return self

    def heard(self) -> bytes:
        """Return everything until the other side ends the connection."""
        pieces = []
        with contextlib.suppress(ConnectionResetError):
            while piece := self.connection.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)

    def answer(self) -> bytes:
        """Return one response with a Content-Length: head and body."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.connection.recv(65536)
            assert piece, f"the connection ended after {data!r}"
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(
            next(line for line in head.lower().splitlines() if line.startswith(b"content-length")).split(b":")[1]
        )
        while len(body) < length:
            body += self.connection.recv(65536)
        return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def running(template: Path, directory: Path, **settings) -> Iterator[Served]:
    """Run the service with additional settings, on a database of its own."""
    (directory / "bidscreen.db").write_bytes(template.read_bytes())
    platform = build(Settings(data_dir=directory, secret_key=SECRET, jobs=0, threads=8, **settings))
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(configuration(platform))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Served(listening.getsockname()[1], platform)
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


@pytest.fixture
def serve(sqlite_template, tmp_path):
    """Start the service with settings of the test; it ends with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda **settings: stack.enter_context(running(sqlite_template, tmp_path, **settings))


@pytest.fixture(scope="module")
def served(sqlite_template, tmp_path_factory):
    """One service with the usual settings for all tests of a file."""
    with running(sqlite_template, tmp_path_factory.mktemp("served")) as service:
        yield service
