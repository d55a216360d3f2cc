"""Uploads on their way through a running service: what is on disk meanwhile."""

import tempfile
import threading
import time
from pathlib import Path

import pytest

from app.platform.access.roles import Role
from tests.platform.web.test_crowds import head, status

pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux lists a process's files"),
]
MARK = b"3205081990010112"
SIZE = 3 * 2**20


def unnamed_files() -> list[bytes]:
    """Return the contents of the unnamed files that this process has open; the service runs in it."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            if "(deleted)" in str(link.readlink()):
                found.append(link.read_bytes())
        except OSError:
            continue
    return found


def test_an_upload_lies_nowhere_in_clear_while_it_comes(serve, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    served = serve()
    key = served.key(Role.OFFICER)
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    whole = part + MARK * (SIZE // len(MARK)) + b"\r\n--x--\r\n"
    form = 'Content-Type: multipart/form-data; boundary="x"', f"Content-Length: {len(whole)}"
    with served.connect() as line:
        line.say(head("POST", "documents", key, *form) + whole[:-1000])
        deadline = time.monotonic() + 10
        while not (large := [content for content in unnamed_files() if len(content) > 2**20]):
            assert time.monotonic() < deadline, "more than 1 MiB of the upload is on the disk"
            time.sleep(0.02)
        named = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(MARK in content for content in (*large, *named))
        assert status(line.say(whole[-1000:]).answer()) == 202
    assert not any(MARK in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_list_that_is_imported_is_copied_into_memory_only(client, tmp_path, monkeypatch):
    """The import of a credit list needs a decrypted copy with a path: it must not be a file on disk."""
    watched, seen = threading.Event(), set()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def watch():
        while not watched.wait(0.001):
            seen.update(path.name for path in temporary.iterdir())

    watcher = threading.Thread(target=watch)
    watcher.start()
    content = "name,uscc,kind\n" + "\n".join(f"苏州市某社{number}服务中心,,barring" for number in range(2000))
    answer = client.as_(Role.OFFICER).post(
        "/api/v1/credit-lists/court-dishonest/snapshots",
        files={"file": ("list.csv", content.encode())},
        data={"retrievedOn": "2017-05-01"},
    )
    watched.set()
    watcher.join()
    assert answer.status_code == 201, answer.text
    assert not {name for name in seen if name.startswith("bidscreen-list")}
