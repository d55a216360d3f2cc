"""Files on disk are readable only by their owner, and the service leaves no core dump."""

import os
import subprocess
import sys

import pytest

from app.entrypoints.bootstrap import build
from app.platform.database.migrate import upgrade
from app.platform.settings import Settings

pytestmark = pytest.mark.sqlite_only


def mode(path):
    return path.stat().st_mode & 0o777


def instance(directory):
    platform = build(Settings(data_dir=directory))
    upgrade(platform.engine)
    return platform


@pytest.mark.parametrize("mask", [0o022, 0o000])
def test_a_new_instance_is_private(tmp_path, mask):
    before = os.umask(mask)
    try:
        platform = instance(tmp_path / "data")
        with platform.work() as work:
            work.session.connection()
            files = sorted((tmp_path / "data").glob("bidscreen.db*"))
            assert {file.name: mode(file) for file in files} == {
                "bidscreen.db": 0o600,
                "bidscreen.db-shm": 0o600,
                "bidscreen.db-wal": 0o600,
            }
        assert mode(tmp_path / "data") == 0o700
    finally:
        os.umask(before)
        platform.engine.dispose()


def test_an_instance_that_was_open_to_others_is_closed(tmp_path):
    data = tmp_path / "data"
    instance(data).engine.dispose()
    data.chmod(0o755)
    (data / "bidscreen.db").chmod(0o644)
    instance(data).engine.dispose()
    assert (mode(data), mode(data / "bidscreen.db")) == (0o700, 0o600)


def test_a_directory_of_something_else_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "mine.txt").write_text("x")
    instance(tmp_path).engine.dispose()
    assert mode(tmp_path) == 0o755


def test_no_core_dump_is_written():
    code = (
        "import resource, ctypes; from app.entrypoints.core_dumps import forbid_core_dumps; forbid_core_dumps();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0) 0\n"
