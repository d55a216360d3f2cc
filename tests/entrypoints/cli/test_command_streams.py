"""Commands in a shell: closed streams, outputs that would be inputs, pipes and devices as files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.making.dossiers import dossier

PROGRAM = str(Path(sys.executable).with_name("bidscreen"))
COLUMNS = "name,uscc,former_names,kind,from,to,reason,document\n"


def shell(place: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command line in which `bidscreen` is the one under test; it must end within a minute."""
    (place / "good.json").write_text(json.dumps(dossier()), "utf-8")
    return subprocess.run(
        ["sh", "-c", f'bidscreen() {{ "{PROGRAM}" "$@"; }}; {text}'],
        capture_output=True,
        check=False,
        cwd=place,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "BIDSCREEN_DATA_DIR": str(place / "data")},
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("bidscreen screen good.json --as-of 2026-05-20 >&-", 0),
        ("bidscreen screen good.json --as-of 2026-05-20 <&- >&- 2>&-", 0),
        ("bidscreen rank - <&-", 3),
        ("bidscreen awards - <&- >&-", 3),
        ("bidscreen extract good.json >&-", 0),
    ],
)
def test_closed_streams_are_empty_ones(tmp_path: Path, text: str, status: int) -> None:
    done = shell(tmp_path, text)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(f"{json.dumps(dossier())}\n" * 300, "utf-8")
    done = shell(tmp_path, "bidscreen screen many.jsonl --as-of 2026-05-20 | head -n 1")
    assert json.loads(done.stdout)["dossier"] == "many#1"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "text",
    [
        "bidscreen screen good.json --as-of 2026-05-20 --out good.json",
        "bidscreen screen . --as-of 2026-05-20 --out ./a/dossier.json",
        "bidscreen screen good.json --as-of 2026-05-20 --credit-list court-dishonest=list.csv --out list.csv",
        "bidscreen screen good.json --as-of 2026-05-20 --out a --resume",
    ],
)
def test_an_input_is_not_written_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "dossier.json").write_text(json.dumps(dossier()), "utf-8")
    (tmp_path / "list.csv").write_text(COLUMNS, "utf-8")
    done = shell(tmp_path, text)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert json.loads((tmp_path / "good.json").read_text("utf-8")) == dossier()
    assert json.loads((tmp_path / "a" / "dossier.json").read_text("utf-8")) == dossier()
    assert (tmp_path / "list.csv").read_text("utf-8") == COLUMNS


def test_a_batch_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    for name in ("pipe", "device"):
        (tmp_path / "batch" / name).mkdir(parents=True)
    os.mkfifo(tmp_path / "batch" / "pipe" / "dossier.json")
    (tmp_path / "batch" / "device" / "dossier.json").symlink_to("/dev/zero")
    done = shell(tmp_path, "bidscreen screen batch --as-of 2026-05-20")
    assert done.returncode == 3
    assert [json.loads(line)["error"]["code"] for line in done.stdout.splitlines()] == ["dossier_unreadable"] * 2


@pytest.mark.parametrize("rows", [",,,,2016-13-01,,,\n", ",,,,soon,,,\n,,,,2016-01-01,never,,\n"])
def test_a_list_of_bad_rows_alone_is_no_empty_list(tmp_path: Path, rows: str) -> None:
    """With an empty list in force every bidder would be clear."""
    (tmp_path / "list.csv").write_text(COLUMNS + rows, "utf-8")
    done = shell(tmp_path, "bidscreen screen good.json --as-of 2026-05-20 --credit-list court-dishonest=list.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "none of its" in done.stderr


def test_a_list_is_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.csv")
    done = shell(tmp_path, "bidscreen screen good.json --as-of 2026-05-20 --credit-list court-dishonest=list.csv")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_record_is_utf_8_whatever_the_terminal(tmp_path: Path) -> None:
    settings = "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0"
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")).write_text("姓名,身份证号\n王秀英,\n", "utf-8")
    done = shell(tmp_path, f"{settings} bidscreen extract $(printf '\\377.csv')")
    assert done.stderr == ""
    record = json.loads(done.stdout)
    assert (record["file"], record["rows"][0]["name"]) == ("\udcff.csv", "王秀英")
