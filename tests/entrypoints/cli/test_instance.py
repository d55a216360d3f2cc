"""One instance from the first command on: created once, named by every command, and not confused with another."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from app.platform.database.in_use import is_in_use
from tests.making.warm import warm

PASSWORD = "lantern-quarry-94-meadow"
ROOT = Path(__file__).parents[3]


def bidscreen(
    folder: Path, *words: object, given: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    return warm().run(*words, cwd=folder, env={**_kept(), **variables}, given=given)


def _kept() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("BIDSCREEN_")}


@contextmanager
def served(folder: Path, *words: object) -> Iterator[str]:
    process = warm().start(*words, "serve", cwd=folder, env=_kept(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("agency")
    words = ["init", "tenders", "--admin", "zhang.wei", "--name", "张伟", "--port", "0"]
    done = subprocess.run(  # a new interpreter, as an operator starts it; the other commands share their imports
        [sys.executable, "-m", "app", *words],
        cwd=folder,
        env={**_kept(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_init_makes_everything_that_an_instance_needs(made: tuple[Path, str]) -> None:
    folder, said = made
    data = folder / "tenders"
    assert {path.name for path in data.iterdir()} >= {"bidscreen.db", "secret.key", "settings.env"}
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "settings.env").stat().st_mode & 0o777 == 0o600
    assert re.search(r"^password +\S{16,} ", said, re.MULTILINE)
    users = bidscreen(folder, "-C", "tenders", "users", "list")
    assert [json.loads(line)["login"] for line in users.stdout.splitlines()] == ["zhang.wei"]
    assert users.stderr == f"instance: {data}\n"


def test_init_touches_nothing_that_is_there(made: tuple[Path, str]) -> None:
    folder, _ = made
    before = (folder / "tenders" / "settings.env").read_bytes()
    done = bidscreen(folder, "init", "tenders")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not empty" in done.stderr
    assert (folder / "tenders" / "settings.env").read_bytes() == before


def test_an_admin_that_is_not_possible_is_refused(tmp_path: Path) -> None:
    assert bidscreen(tmp_path, "init", "data", "--admin", "a b").returncode == 2


def test_the_settings_file_counts_unless_the_environment_says_otherwise(made: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = made
    with served(folder, "--instance", "tenders") as line:
        assert re.fullmatch(r"listening on http://127\.0\.0\.1:\d+", line)  # port 0 in the file: any free port
        assert is_in_use(folder / "tenders")
    assert not is_in_use(folder / "tenders")
    wrong = bidscreen(folder, "-C", "tenders", "users", "list", BIDSCREEN_PORT="99999")
    assert (wrong.returncode, wrong.stderr) == (2, "BIDSCREEN_PORT: Input should be less than or equal to 65535\n")


@pytest.mark.parametrize("line", ["PORT=8000", "BIDSCREEN_DATA_DIR=/elsewhere", "BIDSCREEN_PORT"])
def test_a_line_that_is_no_setting_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.env").write_text(f"{line}\n")
    done = bidscreen(tmp_path, "users", "list")
    assert (done.returncode, "is not a setting" in done.stderr) == (2, True)
    assert not (tmp_path / "data" / "bidscreen.db").exists()


def test_every_command_of_the_instance_names_it(made: tuple[Path, str]) -> None:
    folder, _ = made
    for words in (["api-keys", "list"], ["audit", "public-key"], ["check"], ["migrate"], ["privacy", "shred", "--due"]):
        done = bidscreen(folder, "-C", "tenders", *words)
        assert done.stderr.splitlines()[0] == f"instance: {folder / 'tenders'}", words


def test_a_second_instance_is_not_made_by_the_way_beside_the_demos(tmp_path: Path) -> None:
    """`users create-admin` after `make demo`: it is unclear which of the two is meant."""
    assert bidscreen(tmp_path, "init", "demo/data").returncode == 0
    for words in (["users", "create-admin", "zhang.wei"], ["serve", "--port", "0"]):
        done = bidscreen(tmp_path, *words)
        assert done.returncode == 2
        assert "bidscreen --instance demo/data" in done.stderr
        assert "bidscreen init data" in done.stderr
        assert not (tmp_path / "data").exists()
    stated = bidscreen(tmp_path, "migrate", BIDSCREEN_DATA_DIR="data")
    assert (stated.returncode, stated.stderr) == (0, f"instance: {tmp_path / 'data'} (new)\n")
    assert bidscreen(tmp_path, "users", "list").returncode == 0


def test_the_demo_does_not_remove_data_that_are_being_served(tmp_path: Path) -> None:
    bidscreen(tmp_path, "init", "demo/data", "--port", 0)
    (tmp_path / "demo" / "data" / ".demo").touch()
    with served(tmp_path, "-C", "demo/data"):
        done = bidscreen(tmp_path, "demo")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("is being served: stop that service first, or choose another --out")
    assert (tmp_path / "demo" / "data" / "bidscreen.db").exists()


def test_make_serve_before_make_demo_says_what_to_do() -> None:
    rule = (ROOT / "Makefile").read_text("utf-8").partition("\nserve:")[2].partition("\n\n")[0]
    first = rule.splitlines()[1].strip()
    assert first.startswith("@test -f demo/data/.demo ||")
    assert 'run "make demo" first' in first


def test_a_chosen_password_replaces_the_one_given_out(made: tuple[Path, str]) -> None:
    folder, _ = made
    weak = bidscreen(folder, "-C", "tenders", "users", "set-password", "zhang.wei", given="zhang.wei2026\n")
    assert weak.returncode == 2
    assert weak.stderr.splitlines()[-1].startswith("/password: ")
    done = bidscreen(folder, "-C", "tenders", "users", "set-password", "zhang.wei", given=f"{PASSWORD}\n")
    assert (done.returncode, done.stdout) == (0, "password set\n")
    assert bidscreen(folder, "-C", "tenders", "users", "set-password", "nobody", given=f"{PASSWORD}\n").returncode == 2
    with served(folder, "-C", "tenders") as line:
        address = f"{line.removeprefix('listening on ')}/api/v1/sessions"
        answer = httpx2.post(address, json={"login": "zhang.wei", "password": PASSWORD}, trust_env=False)
    assert (answer.status_code, answer.json()["stage"]) == (201, "full")
