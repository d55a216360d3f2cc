"""One contract for every sink of checkpoints; a new adapter joins by a line in `sinks`."""

import os
import socket
import threading

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore, from_url

from app.audit.folder_sink import FolderSink
from app.audit.object_sink import ObjectSink
from app.audit.sinks import SinkConflict, SinkUnavailable, file_name
from app.audit.syslog_sink import SyslogSink

LINE = b'{"checkpoint":{"number":1},"signature":"00"}'
OTHER = b'{"checkpoint":{"number":1},"signature":"ff"}'
READABLE = ["folder", "memory", "local", "s3"]
LOGS = ["udp", "tcp", "unix"]


class Kept:
    """A sink with names: what another reader finds in it."""

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
    """A sink that is a log: what the log's server has received."""

    def __init__(self, kind, directory):
        self.kind, self.received, self._got = kind, [], threading.Semaphore(0)
        family = socket.AF_UNIX if kind == "unix" else socket.AF_INET
        self.server = socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
        path = str(directory / "log.sock")
        self.server.bind(path if kind == "unix" else ("127.0.0.1", 0))
        if kind == "tcp":
            self.server.listen()
        address = path if kind == "unix" else f"127.0.0.1:{self.server.getsockname()[1]}"
        self.sink = SyslogSink(f"syslog+{kind}://{address}")
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                self.received.append(self._whole() if self.kind == "tcp" else self.server.recv(1 << 16))
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
    made = Log(request.param, tmp_path)
    yield made
    made.server.close()


@pytest.fixture(params=READABLE + LOGS)
def sink(request, tmp_path):
    made = made_of(request, tmp_path) if request.param in READABLE else Log(request.param, tmp_path)
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
    if log.kind == "tcp":
        length, _, message = message.partition(b" ")
        assert int(length) == len(message)
    head, _, body = message.partition(b" - ")
    assert head.startswith(b"<109>1 20") and head.endswith(b"checkpoint-7") and b" bidscreen " in head
    assert body == LINE


@pytest.mark.parametrize("kind", ["tcp", "unix"])
def test_a_log_that_is_not_there_says_so(kind, tmp_path):
    """UDP tells of no loss; the numbers in the log do."""
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
