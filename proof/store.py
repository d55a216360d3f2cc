"""An object store that fails as real ones do: moto's S3 server behind a proxy with a mode. On 127.0.0.1 alone."""

import http.client
import logging
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from moto.server import ThreadedMotoServer

MODES = ("fine", "500", "half", "slow", "gone", "silent")


class Store:
    """A bucket, and how its server behaves."""

    def __init__(self, port: int, backend: tuple[str, int]) -> None:
        self.mode, self.backend, self.asked = "fine", backend, 0
        name = f"proof-{secrets.token_hex(4)}"
        connection = http.client.HTTPConnection(*backend)
        connection.request("PUT", f"/{name}")
        connection.getresponse().read()
        self.environment = {
            "BIDSCREEN_FILES_URL": f"s3://{name}/files", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ALLOW_HTTP": "true", "AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "invented",
            "AWS_REGION": "us-east-1",
        }  # fmt: skip

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        """Answer one request as the mode says."""
        self.asked += 1
        length = int(asked.headers.get("Content-Length") or 0)
        body = asked.rfile.read(length)
        if self.mode == "gone":
            asked.connection.shutdown(socket.SHUT_RDWR)
            asked.close_connection = True
            return
        if self.mode == "silent":
            time.sleep(40)
            asked.close_connection = True
            return
        if self.mode == "500":
            asked.send_response(500)
            asked.send_header("Content-Length", "0")
            asked.end_headers()
            return
        if self.mode == "slow":
            time.sleep(1.5)
        connection = http.client.HTTPConnection(*self.backend, timeout=30)
        kept = {name: value for name, value in asked.headers.items() if name.lower() != "host"}
        connection.request(asked.command, asked.path, body, {**kept, "Host": asked.headers["Host"]})
        answer = connection.getresponse()
        content = answer.read()
        asked.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                asked.send_header(name, value)
        stated = answer.getheader("Content-Length") if asked.command == "HEAD" else str(len(content))
        asked.send_header("Content-Length", stated or "0")
        asked.end_headers()
        asked.wfile.write(content[: len(content) // 2] if self.mode == "half" else content)
        if self.mode == "half" and content:
            asked.close_connection = True


@contextmanager
def serving() -> Iterator[Store]:
    """Run the store during the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    held: list[Store] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def __getattr__(self, name: str) -> object:
            if name.startswith("do_"):
                return self._do
            raise AttributeError(name)

        def _do(self) -> None:
            with suppress(ConnectionError):
                held[0].answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.daemon_threads = True
    held.append(Store(proxy.server_port, (str(host), int(port))))
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield held[0]
    finally:
        proxy.shutdown()
        proxy.server_close()
        moto.stop()
