"""The console in Chromium against the real service on the sample tender; Playwright runs console/flows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fasteners import InterProcessLock

from app.platform.web.console.files import built_files
from app.sample.demo.service import serving
from tests.making.demo_run import demo_run

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PLAYWRIGHT = CONSOLE / "node_modules" / ".bin" / "playwright"
SPECS = sorted(path.name for path in (CONSOLE / "flows").glob("*.spec.ts"))

pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: `make console-test` installs it"),
    pytest.mark.skipif(not built_files() or not PLAYWRIGHT.exists(), reason="the console is not built: `make console`"),
]


@pytest.fixture(scope="module")
def service(shared_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The service on a copy of the demo's data, at the demo's last instant, and what the flows need to know."""
    ran = demo_run(shared_directory)
    copy = tmp_path_factory.mktemp("console") / "out"
    shutil.copytree(ran.folder, copy)
    with serving(copy / "data", copy / "service.log", LOGIN_RATE="1000/minute") as address:
        yield {"BASE_URL": address, "ACCOUNTS": str(copy / "accounts.txt"), "CHROMIUM": CHROMIUM or ""}


@pytest.mark.parametrize("spec", SPECS)
def test_flow(spec: str, service: dict[str, str], shared_directory: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with InterProcessLock(shared_directory / "browser.lock"):  # two browsers at once would only slow each other down
        done = subprocess.run(
            [PLAYWRIGHT, "test", spec],
            cwd=CONSOLE,
            env={**os.environ, **service, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_flow_is_found() -> None:
    assert {"entrance.spec.ts", "matrix.spec.ts"} <= set(SPECS)
