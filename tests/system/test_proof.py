"""The shortest form of the proofs under fire; `make proof` runs a longer one, and each has a command of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="seccomp, as proof/boundary.py uses it"
)
def test_nothing_is_breached():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "proof", "--shortest"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=540,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
    lines = [line for line in done.stdout.splitlines() if line.endswith(" s")]
    assert [line.partition(":")[0] for line in lines] == ["kills", "faults", "races", "parsers"]
    assert all(" 0 breaches" in line for line in lines)
