"""One contract for every checkpoint sink; a new adapter is added by a line in `sinks`."""

import os
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import obstore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from obstore.store import LocalStore, MemoryStore, from_url

from app.platform.audit.folder_sink import FolderSink
from app.platform.audit.object_sink import ObjectSink
from app.platform.audit.sinks import SinkConflict, SinkUnavailable, file_name
from app.platform.audit.syslog_sink import SyslogSink

LINE = b'{"checkpoint":{"number":1},"signature":"00"}'
OTHER = b'{"checkpoint":{"number":1},"signature":"ff"}'
READABLE = ["folder", "memory", "local", "s3"]
LOGS = ["udp", "tcp", "tls", "unix"]
STREAMS = ("tcp", "tls")


class Kept:
    """A sink with named checkpoints: what another reader finds in it."""

    def __init__(self, kind, directory, bucket=None):
        if kind == "s3":
            self.sink = ObjectSink(bucket)
            self.read = lambda number: bytes(obstore.get(from_url(bucket), file_name(number)).bytes())
        elif kind == "folder":
            self.sink = FolderSink(directory / "邮箱" / "checkpoints")
            self.read = lambda number: (directory / "邮箱" / "checkpoints" / file_name(number)).read_bytes()
        else:
            store = MemoryStore() if kind == "memory" else LocalStore(directory / "bucket", mkdir=True)
            self.sink = ObjectSink(f"{kind}:///", store)
            self.read = lambda number: bytes(obstore.get(store, file_name(number)).bytes())


class Log:
    """A sink that is a log: what the log server has received."""

    def __init__(self, kind, directory, certificate=None):
        self.kind, self.received, self._got = kind, [], threading.Semaphore(0)
        family = socket.AF_UNIX if kind == "unix" else socket.AF_INET
        self.server = socket.socket(family, socket.SOCK_STREAM if kind in STREAMS else socket.SOCK_DGRAM)
        path = str(directory / "log.sock")
        self.server.bind(path if kind == "unix" else ("127.0.0.1", 0))
        if kind in STREAMS:
            self.server.listen()
        if kind == "tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server = context.wrap_socket(self.server, server_side=True)
        address = path if kind == "unix" else f"127.0.0.1:{self.server.getsockname()[1]}"
        self.sink = SyslogSink(f"syslog+{kind}://{address}")
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                self.received.append(self._whole() if self.kind in STREAMS else self.server.recv(1 << 16))
            except OSError:
                return
            self._got.release()

    def _whole(self):
        connection, _ = self.server.accept()
        with connection:
            return b"".join(iter(lambda: connection.recv(4096), b""))

    def wait(self):
        assert self._got.acquire(timeout=10)
        return self.received[-1]


@pytest.fixture(params=READABLE)
def kept(request, tmp_path):
    return made_of(request, tmp_path)


def made_of(request, directory):
    return Kept(request.param, directory, request.getfixturevalue("bucket") if request.param == "s3" else None)


@pytest.fixture(params=LOGS)
def log(request, tmp_path):
    made = log_of(request, tmp_path)
    yield made
    made.server.close()


def log_of(request, directory):
    return Log(request.param, directory, request.getfixturevalue("certificate") if request.param == "tls" else None)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """Return key and certificate of a log server on this machine, and the trust store with it."""
    file = tmp_path / "server.pem"
    file.write_bytes(self_signed("127.0.0.1"))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


def self_signed(address):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "log")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret + signed.public_bytes(Encoding.PEM)


@pytest.fixture(params=READABLE + LOGS)
def sink(request, tmp_path):
    made = made_of(request, tmp_path) if request.param in READABLE else log_of(request, tmp_path)
    yield made.sink
    if isinstance(made, Log):
        made.server.close()


def test_a_line_is_taken_and_taken_again(sink):
    sink.put(1, LINE)
    sink.put(1, LINE)
    assert "@" not in sink.name and ":" in sink.name


def test_what_was_put_is_what_another_finds(kept):
    kept.sink.put(1, LINE)
    kept.sink.put(12, OTHER)
    assert (kept.read(1), kept.read(12)) == (LINE + b"\n", OTHER + b"\n")


def test_nothing_is_ever_overwritten(kept):
    kept.sink.put(1, LINE)
    with pytest.raises(SinkConflict):
        kept.sink.put(1, OTHER)
    assert kept.read(1) == LINE + b"\n"


def test_writers_at_once_leave_one_line(kept):
    refused = []

    def put(line):
        try:
            kept.sink.put(1, line)
        except SinkConflict:
            refused.append(line)

    threads = [threading.Thread(target=put, args=(line,)) for line in [LINE, OTHER] * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.read(1) in (LINE + b"\n", OTHER + b"\n")
    assert len(set(refused)) == 1 and kept.read(1) != refused[0] + b"\n"


def test_a_log_gets_one_message_of_the_standard(log):
    log.sink.put(7, LINE)
    message = log.wait()
    if log.kind in STREAMS:
        length, _, message = message.partition(b" ")
        assert int(length) == len(message)
    head, _, body = message.partition(b" - ")
    assert head.startswith(b"<109>1 20") and head.endswith(b"checkpoint-7") and b" bidscreen " in head
    assert body == LINE


def test_a_log_that_cannot_prove_its_name_gets_nothing(tmp_path, certificate, monkeypatch):
    log = Log("tls", tmp_path, certificate)
    other = tmp_path / "other.pem"
    other.write_bytes(self_signed("127.0.0.1"))
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with pytest.raises(SinkUnavailable, match="SSLCertVerificationError"):
        log.sink.put(1, LINE)
    log.server.close()
    assert log.received == []


@pytest.mark.parametrize("kind", ["tcp", "unix"])
def test_a_log_that_is_not_there_says_so(kind, tmp_path):
    """UDP reports no loss; the numbers in the log reveal it."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    address = f"127.0.0.1:{port}" if kind == "tcp" else str(tmp_path / "no.sock")
    with pytest.raises(SinkUnavailable):
        SyslogSink(f"syslog+{kind}://{address}").put(1, LINE)


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SinkUnavailable):
        FolderSink(tmp_path / "file" / "checkpoints").put(1, LINE)


def test_an_interrupted_writer_leaves_no_half_file(tmp_path, monkeypatch):
    sink = FolderSink(tmp_path / "box")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(SinkUnavailable):
        sink.put(1, LINE)
    monkeypatch.undo()
    assert list((tmp_path / "box").iterdir()) == []
    sink.put(1, LINE)
    assert (tmp_path / "box" / file_name(1)).stat().st_mode & 0o222 == 0, "nobody writes to it"
