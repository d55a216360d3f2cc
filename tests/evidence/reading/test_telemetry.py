"""The recogniser's engine keeps no record of its use: it would write an identifier of the machine into the home directory."""

import os
import subprocess
import sys

from app.evidence.reading.isolation.pool import ENVIRONMENT


def left_by(home, environment):
    home.mkdir()
    variables = {**environment, "HOME": str(home), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", "import onnxruntime"], env=variables, check=True, capture_output=True)
    return [one.name for one in home.rglob("*") if one.is_file()]


def test_readers_leave_nothing_in_the_home_directory(tmp_path):
    assert left_by(tmp_path / "ours", ENVIRONMENT) == []
