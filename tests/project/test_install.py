"""The installation reports its steps, and the demo needs no build backend."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = runpy.run_path(str(ROOT / "scripts" / "install.py"))


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_each_package_of_a_lock_is_counted_once(lock: str) -> None:
    counted = INSTALL["packages"](ROOT / "requirements" / f"{lock}.lock")
    named = (ROOT / "requirements" / f"{lock}.lock").read_text("utf-8").count(" \\\n    --hash")
    assert 50 < counted <= named


def test_what_runs_is_part_of_what_tests_need() -> None:
    """Adding the second lock to the first must change no version."""
    runtime, dev = (
        {
            line.split(" ")[0]
            for line in (ROOT / "requirements" / f"{lock}.lock").read_text("utf-8").splitlines()
            if "==" in line
        }
        for lock in ("runtime", "dev")
    )
    assert runtime <= dev


def test_a_linked_environment_runs_the_command_without_a_build(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", str(venv)], check=True)
    INSTALL["link"](venv)
    done = subprocess.run(
        [venv / "bin" / "bidscreen", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if "site-packages" in path)},
    )
    assert done.stdout.startswith("bidscreen ")
    INSTALL["unlink"](venv)
    assert not (venv / "bin" / "bidscreen").exists()


def test_progress_counts_fetched_packages_and_wheels(capsys: pytest.CaptureFixture[str]) -> None:
    note = INSTALL["counter"](30)
    for number in range(26):
        note(
            f"Collecting package{number}==1.0 (from -r lock)\n"
            if number % 2
            else f"Processing /wheels/package{number}.whl\n"
        )
    note("Installing collected packages: a, b\n")
    assert capsys.readouterr().out == "  fetching 25 of up to 30\n  unpacking 26 packages …\n"
