"""One contract for every source of the instance's secret; a new one is added by a line in `source`."""

import base64
import contextlib
import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.entrypoints.bootstrap import build, key_source
from app.platform.database.key_sources import (
    EnvironmentSource,
    FileSource,
    KeyService,
    SecretFixed,
    SecretUnavailable,
    ServiceSource,
)
from app.platform.settings import Settings

TOKEN = "a-token-for-tests"


class Handler(BaseHTTPRequestHandler):
    """A key service that alone holds the wrapping key."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}" or self.server.answer is not None:
            return self._send(self.server.answer or (403, {"error": "forbidden"}))
        cipher = AESGCM(self.server.key)
        if self.path.endswith("/wrap"):
            nonce = os.urandom(12)
            wrapped = nonce + cipher.encrypt(nonce, base64.b64decode(body["plaintext"]), None)
            return self._send((200, {"ciphertext": "v1:" + wrapped.hex()}))
        wrapped = bytes.fromhex(body["ciphertext"].removeprefix("v1:"))
        plain = cipher.decrypt(wrapped[:12], wrapped[12:], None)
        return self._send((200, {"plaintext": base64.b64encode(plain).decode()}))

    def _send(self, answer):
        status, body = answer
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass

    def address_string(self):
        return "test"


class UnixServer(ThreadingHTTPServer):
    address_family = socket.AF_UNIX

    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "test", 0


@contextlib.contextmanager
def serving(kind, tmp_path):
    unix = kind == "unix"
    server = UnixServer(str(tmp_path / "s"), Handler) if unix else ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.key, server.answer = AESGCM.generate_key(256), None
    server.url = f"unix:{tmp_path / 's'}" if unix else f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["http", "unix"])
def service(request, tmp_path):
    with serving(request.param, tmp_path) as server:
        yield server


@pytest.fixture
def wrapped(service, tmp_path):
    return ServiceSource(tmp_path / "secret.key.wrapped", KeyService(service.url, TOKEN))


@pytest.fixture(params=["environment", "file", "service"])
def source(request, tmp_path):
    match request.param:
        case "environment":
            yield EnvironmentSource("e" * 40, ["f" * 40])
        case "file":
            yield FileSource(tmp_path / "secret.key")
        case "service":
            with serving("http", tmp_path) as server:
                yield ServiceSource(tmp_path / "secret.key.wrapped", KeyService(server.url, TOKEN))


def test_it_gives_the_same_secrets_each_time(source):
    first = list(source.secrets())
    assert all(len(one) >= 32 for one in first)
    assert list(source.secrets()) == first


def test_a_renewed_one_comes_first_and_the_former_ones_can_go(source):
    before = list(source.secrets())
    if isinstance(source, EnvironmentSource):
        for change in (source.renew, source.forget):
            with pytest.raises(SecretFixed, match="BIDSCREEN_"):
                change()
        return
    source.renew()
    after = list(source.secrets())
    assert after[1:] == before
    assert after[0] != before[0]
    source.forget()
    assert list(source.secrets()) == after[:1]


def test_the_wrapped_file_holds_no_secret_and_is_its_owner_s(wrapped, tmp_path):
    (secret,) = wrapped.secrets()
    path = tmp_path / "secret.key.wrapped"
    assert secret not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (200, {}),
        (200, []),
        (200, b"no json"),
        (200, {"plaintext": 5}),
        (200, {"plaintext": "%%%"}),
        (200, {"plaintext": base64.b64encode(b"short").decode()}),
    ],
)
def test_a_service_that_answers_otherwise_stops_the_start(service, wrapped, answer):
    wrapped.secrets()
    service.answer = answer
    with pytest.raises(SecretUnavailable):
        wrapped.secrets()


def test_a_wrong_token_and_a_silent_service_are_told(service, tmp_path):
    for client in (
        KeyService(service.url, "other"),
        KeyService("http://127.0.0.1:1", None),
        KeyService("unix:/no", None),
    ):
        with pytest.raises(SecretUnavailable):
            ServiceSource(tmp_path / "other.wrapped", client).secrets()
    assert not (tmp_path / "other.wrapped").exists()


def test_an_instance_starts_by_a_key_service(service, tmp_path):
    settings = Settings(
        data_dir=tmp_path / "data", key_source="service", key_service_url=service.url, key_service_token=TOKEN
    )
    one, two = build(settings), build(settings)
    assert one.keyring.current == two.keyring.current
    assert isinstance(key_source(settings), ServiceSource)
    assert not (tmp_path / "data" / "secret.key").exists()


def test_wrong_settings_are_told(tmp_path):
    with pytest.raises(ValueError, match="KEY_SERVICE_URL"):
        Settings(data_dir=tmp_path, key_source="service")
    with pytest.raises(ValueError, match="SECRET_KEY"):
        Settings(data_dir=tmp_path, key_source="environment")
