"""Planted resident IDs appear nowhere in clear: not in rows, files, backups, temporary files, logs, responses, exports
or addresses.

`make canaries` plants 1,000 of them; the suite fewer.
"""

import json
import os
import subprocess
import sys
import threading
import time
import zlib

import httpx2
import pytest

from app.platform.access.roles import Role
from tests.conftest import Api
from tests.making.canaries import READERS, Wanted, dump_of, files_of, readable_paths
from tests.making.dossiers import dossier
from tests.making.invented import resident_id
from tests.making.planting import API, Planter
from tests.system.test_canary import logs  # noqa: F401  the fixture

COUNT = int(os.environ.get("TEST_CANARIES", "96"))


def planted(count):
    return [resident_id(number) for number in range(1, count + 1)]


def test_the_search_finds_what_is_there(tmp_path):
    """A search that finds nothing anywhere would always pass."""
    number = resident_id(5)
    for content in (
        number.encode(),
        number.lower().encode(),
        f"前{number}后".encode(),
        f"1{number}1".encode(),
        number.encode("utf-16"),
        number.encode("utf-16-be"),
        b"xx" + zlib.compress(b"a" * 500 + number.encode()),
    ):
        wanted = Wanted([number])
        wanted.clean("here", content)
        assert wanted.leaks, content
        assert number not in str(wanted.leaks)


def test_numbers_are_in_no_row_answer_or_log(platform, logs, tmp_path):  # noqa: F811
    wanted = Wanted(planted(COUNT))
    with Api(platform) as api:
        planter = Planter(api.as_(Role.OFFICER), api.run_jobs)
        planter.everywhere(planted(COUNT))
        planter.look(wanted)
        document = api.anonymous.get("/api/v1/openapi.json").json()
        ids = {"tender_id": planter.tender, "organization_id": planter.organization}
        ids |= {"screening_id": planter.screenings[0], "document_id": planter.documents[0]}
        for role in READERS:
            for path in readable_paths(document, **ids):
                if path.endswith("/content") and role in (Role.OFFICER, Role.BIDDER):
                    continue  # the original file; its download is in the trail
                wanted.clean(f"answer GET {path} {role}", api.as_(role).get(path).content)
        for name, content in files_of(platform.settings.data_dir):
            wanted.clean(f"file {name}", name.encode() + content)
        for table, value in dump_of(platform.engine):
            wanted.clean(f"dump {table}", value, deep=False)
    wanted.clean("log", logs())
    assert not wanted.leaks, "\n".join(sorted(set(wanted.leaks))[:40])
    assert {"answer", "headers", "file", "dump", "log"} <= wanted.looked
    assert "add_registration" in logs(), "the log was looked at"


class Watch(threading.Thread):
    """Reads every file that appears below a directory, as long as it exists."""

    def __init__(self, directory, wanted):
        super().__init__(daemon=True)
        self.directory, self.wanted, self.ended, self.seen = directory, wanted, threading.Event(), set()

    def run(self):
        while not self.ended.wait(0.01):
            self.look()

    def look(self):
        for path in self.directory.rglob("*"):
            self.seen.add(path.name)
            try:
                content = path.read_bytes() if path.is_file() else b""
            except OSError:
                continue
            self.wanted.clean(f"temporary {path.name}", path.name.encode() + content)


@pytest.fixture
def surroundings(tmp_path):
    """Return the environment of a live service: everything it can write is below one directory, the log is at DEBUG."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIDSCREEN_")}
    own = {"BIDSCREEN_DATA_DIR": str(tmp_path / "data"), "BIDSCREEN_LOG_LEVEL": "DEBUG", "BIDSCREEN_JOBS": "1"}
    return {**kept, **own, "TMPDIR": str(temporary), "HOME": str(temporary)}


def command(environment, *arguments, **more):
    line = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(line, env=environment, capture_output=True, timeout=300, check=False, **more)


@pytest.fixture
def service(surroundings, tmp_path):
    """A service as a separate process; its address, and a client with an officer's key."""
    key = command(surroundings, "api-keys", "create", "--role", "officer").stdout.decode().split()[-1]
    with (tmp_path / "service.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "app", "serve", "--port", "0"], env=surroundings,
                                   stdout=subprocess.PIPE, stderr=log, text=True)  # fmt: skip
        address = process.stdout.readline().strip().removeprefix("listening on ")
        with httpx2.Client(base_url=address, timeout=120, headers={"Authorization": f"Bearer {key}"}) as client:
            for _ in range(500):
                try:
                    client.get(f"{API}/health")
                    break
                except httpx2.ConnectError:
                    time.sleep(0.05)
            yield client
        process.terminate()
        process.wait(60)


def jobs_done(client, planter):
    """Wait for the service's own worker: the job of the last response, if it was one."""

    def wait():
        _, answer = planter[0].answers[-1]
        job = answer.json().get("job") or answer.json()
        for _ in range(2000):
            if client.get(f"{API}/jobs/{job['id']}").json()["state"] in ("succeeded", "failed"):
                return
            time.sleep(0.05)
        raise AssertionError("the job did not end")

    return wait


def folders(tmp_path, numbers):
    """Write dossiers for the command line, with a number in a folder's name, in names, and in its right place."""
    for place, number in enumerate(numbers):
        folder = tmp_path / "dossiers" / (f"d{place}" if place else f"文件夹{number}")
        folder.mkdir(parents=True)
        data = dossier(place + 1, f"机构{number}", first=10 * place)
        data["roster"][0] |= {"residentId": number, "name": f"员工{number}"}
        data["organization"]["registration"]["authority"] = f"民政局{number}"
        (folder / "dossier.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    broken = tmp_path / "dossiers" / "broken"
    broken.mkdir()
    (broken / "dossier.json").write_text(json.dumps({"organization": {numbers[0]: numbers[0]}}), "utf-8")
    return tmp_path / "dossiers"


@pytest.mark.sqlite_only
def test_numbers_are_nowhere_around_a_live_service(service, surroundings, tmp_path, database_kind):
    numbers = planted(COUNT)
    wanted, temporary = Wanted(numbers), tmp_path / "tmp"
    watch = Watch(temporary, wanted)
    watch.start()
    reached = []
    planter = Planter(service, jobs_done(service, reached))
    reached.append(planter)
    share = COUNT * 9 // 10
    planter.everywhere(numbers[:share])
    planter.look(wanted)
    around = tmp_path / "out"
    around.mkdir()
    given = folders(tmp_path, numbers[share:])
    runs = {
        "screen": ("screen", str(given), "--as-of", "2017-05-31"),
        "xlsx": ("screen", str(given), "--as-of", "2017-05-31", "--format", "xlsx", "--out", str(around / "out.xlsx")),
        "backup": ("backup", str(around / "backup.tar")),
        "check": ("check",),
    }
    for name, line in runs.items():
        done = command(surroundings, *line)
        assert done.returncode in (0, 3), done.stderr
        wanted.clean(f"command {name}", done.stdout + done.stderr)
    asked = command(surroundings, "privacy", "report", input=f"{numbers[0]}\n".encode())
    assert json.loads(asked.stdout)["places"], asked.stderr
    wanted.clean("command report", asked.stdout + asked.stderr)
    for name, content in files_of(tmp_path / "data"):
        wanted.clean(f"file {name}", name.encode() + content)
    assert (tmp_path / "data" / "bidscreen.db-wal").stat().st_size, (
        "the write-ahead log was looked at while it was full"
    )
    for name, content in files_of(around):
        wanted.clean(f"export {name}", content)
    watch.ended.set()
    watch.join()
    log = (tmp_path / "service.log").read_bytes()
    wanted.clean("log", log)
    assert b"add_registration" in log
    assert not wanted.leaks, "\n".join(sorted(set(wanted.leaks))[:40])
    assert {"answer", "headers", "command", "file", "export", "log"} <= wanted.looked
