"""A full disk, a port in use, a broken database, invalid settings: one line names the failure, without traceback."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from app.entrypoints.cli.terminal import failures as surroundings
from tests.making.dossiers import dossier as invented
from tests.making.warm import warm

RUN = [sys.executable, "-c", "from app.entrypoints.cli.main import main; main()"]
FULL = Path("/dev/full")
on_linux = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")


def run(*words, directory, out=subprocess.PIPE, **variables):
    settings = {"PATH": os.environ["PATH"], "BIDSCREEN_DATA_DIR": str(directory / "data"), **variables}
    return subprocess.run(
        [*RUN, *words], stdout=out, stderr=subprocess.PIPE, text=True, env=settings, check=False, timeout=120
    )


def run_warm(*words, directory, **variables):
    settings = {"PATH": os.environ["PATH"], "BIDSCREEN_DATA_DIR": str(directory / "data"), **variables}
    return warm().run(*words, env=settings)


@pytest.fixture
def dossier(tmp_path):
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(invented()) + "\n")
    return str(file)


@on_linux
def test_a_full_disk_is_told(tmp_path, dossier):
    with FULL.open("w") as full:
        for words in (["screen", dossier, "--as-of", "2026-05-20"], ["extract", dossier]):
            done = run(*words, directory=tmp_path, out=full)
            assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "bidscreen: No space left on device"), words
            assert "Traceback" not in done.stderr
    done = run("screen", dossier, "--as-of", "2026-05-20", "--out", str(FULL), directory=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "bidscreen: No space left on device")


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_warm("serve", directory=tmp_path, BIDSCREEN_PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"bidscreen: Address already in use: 127.0.0.1:{port}"


def test_what_is_no_database_is_told(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bidscreen.db").write_text("no database")
    done = run_warm("users", "list", directory=tmp_path)
    assert (done.returncode, done.stderr) == (1, "bidscreen: the database: file is not a database\n")


def test_a_wrong_setting_is_named_without_its_value(tmp_path):
    done = run_warm("serve", directory=tmp_path, BIDSCREEN_PORT="99999")
    assert (done.returncode, done.stderr) == (2, "BIDSCREEN_PORT: Input should be less than or equal to 65535\n")
    done = run_warm("backup", str(tmp_path / "b"), directory=tmp_path, BIDSCREEN_TRUSTED_HOSTS="secret")
    assert done.returncode == 2
    assert "trusted_hosts" in done.stderr and "secret" not in done.stderr and "Traceback" not in done.stderr


def test_the_programmes_own_faults_are_not_hidden(capsys):
    assert surroundings.report(ValueError("a fault")) is None
    assert surroundings.report(IntegrityError("INSERT", {}, Exception("UNIQUE"))) is None
    assert surroundings.report(OSError("without a number")) is None
    assert surroundings.report(OperationalError("SELECT", {"id": "320508"}, Exception("database is locked"))) == 1
    assert capsys.readouterr().err == "bidscreen: the database: database is locked\n"
