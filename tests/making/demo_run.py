"""One run of the demo, shared by all tests that need its results."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fasteners import InterProcessLock

from app.sample.demo.service import fresh_directory

RUN = [sys.executable, "-c", "from app.entrypoints.cli.main import main; main()"]


@dataclass(frozen=True)
class Ran:
    """The files the demo left, read-only, and its output."""

    folder: Path
    printed: str
    progress: str


def demo_run(shared_directory: Path) -> Ran:
    """Return the run shared by all workers: the first that needs it starts it."""
    folder = shared_directory / "demo" / "out"
    with InterProcessLock(shared_directory / "demo.lock"):
        if not folder.exists():
            _run(folder)
    printed, progress = (folder.with_name(name).read_text("utf-8") for name in ("printed", "progress"))
    return Ran(folder, printed, progress)


def _run(folder: Path) -> None:
    """Run the demo on the folder of an interrupted run: it starts fresh."""
    fresh_directory(folder / "data")
    (folder / "data" / "bidscreen.db").write_bytes(b"half a demo")
    done = subprocess.run(
        [*RUN, "demo", "--out", str(folder)],
        env={**os.environ, "COLUMNS": "240", "BIDSCREEN_DATABASE_URL": "sqlite:////nowhere/at/all.db"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    folder.with_name("printed").write_text(done.stdout, "utf-8")
    folder.with_name("progress").write_text(done.stderr, "utf-8")
    assert done.returncode == 0, done.stderr
