"""The wheel carries the console: installed into an empty folder, it serves the log-in page on a machine without Node."""

import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from app.platform.web.console.files import built_files

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
COMMAND = (sys.executable, "-c", "from app.entrypoints.cli.main import main; main()")

pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.skipif(not built_files(), reason="the console is not built: `make console`"),
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the contents of a wheel that is built from these sources."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = (folder / "dist").glob("bidscreen-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def address(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the installed service; its folder is empty, and no program of Node is on its path."""
    empty = tmp_path_factory.mktemp("empty")
    env = {
        "PATH": "/nowhere",
        "PYTHONPATH": str(installed),
        "BIDSCREEN_DATA_DIR": str(empty / "data"),
        "BIDSCREEN_PORT": "0",
        "BIDSCREEN_HOST": "127.0.0.1",
        "HOME": str(empty),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }
    where = subprocess.run(
        [sys.executable, "-c", "import app; print(app.__file__)"],
        cwd=empty,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)
    with (
        (empty / "log").open("wb") as log,
        subprocess.Popen([*COMMAND, "serve"], cwd=empty, env=env, stdout=log, stderr=log) as ran,
    ):
        try:
            yield _listening(empty / "log", ran)
        finally:
            ran.terminate()


def _listening(log: Path, ran: "subprocess.Popen[bytes]") -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and ran.poll() is None:
        found = re.search(r"^listening on (http://\S+)$", log.read_text("utf-8", "replace"), re.MULTILINE)
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace")[-2000:])


def test_the_login_page_and_every_file_it_loads_are_served(address: str) -> None:
    with httpx2.Client(base_url=address, trust_env=False) as client:
        page = client.get("/console/login")
        assert page.status_code == 200
        assert "nonce-" in page.headers["content-security-policy"]
        loaded = re.findall(r'(?:src|href)="(/console/assets/[^"]+)"', page.text)
        assert any(name.endswith(".js") for name in loaded)
        for name in loaded:
            answer = client.get(name)
            assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True), name


def test_the_wheel_carries_every_built_file_and_no_source_of_the_console(installed: Path) -> None:
    built = ROOT / "app" / "platform" / "web" / "console" / "built"
    names = {path.relative_to(ROOT) for path in built.rglob("*") if path.is_file() and not path.name.startswith(".")}
    assert len(names) > 50
    assert {name for name in names if not (installed / name).is_file()} == set()
    assert not (installed / "console").exists()
