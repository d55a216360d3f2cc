"""The extension of `screen`'s output selects its format; a run ends with a summary, interrupted or not."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import polars
import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from tests.making.dossiers import dossier as invented

DAY = ["--as-of", "2026-05-20"]


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["screen", *map(str, words)])


def jsonl(path: Path, *dossiers: dict[str, Any] | str) -> Path:
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in dossiers), "utf-8")
    return path


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "many.jsonl", {"id": "A-1", **invented()}, {**invented(), "id": 7}, invented(), "{")


def test_a_line_may_carry_an_id_of_its_own(many: Path, tmp_path: Path) -> None:
    answers = [json.loads(line) for line in run(many, *DAY).stdout.splitlines()]
    assert [one["dossier"] for one in answers] == ["A-1", "7", "many#3", "many#4"]
    plain = json.loads(run(jsonl(tmp_path / "plain.jsonl", invented()), *DAY).stdout)
    alone = json.loads(run(jsonl(tmp_path / "alone.jsonl", {"id": "A-1", **invented()}), *DAY).stdout)
    assert alone["inputHash"] == plain["inputHash"]


@pytest.mark.parametrize("wrong", [True, None, "", ["x"], 1.5, "x" * 201])
def test_an_id_that_is_none_is_refused(tmp_path: Path, wrong: object) -> None:
    answer = json.loads(run(jsonl(tmp_path / "one.jsonl", {"id": wrong, **invented()}), *DAY).stdout)
    assert (answer["error"]["code"], answer["error"]["pointer"]) == ("unknown_key", "/id")


def test_the_same_id_twice_is_told_apart_by_the_line(tmp_path: Path) -> None:
    twice = jsonl(tmp_path / "two.jsonl", {"id": "A", **invented()}, {"id": "A", **invented()})
    names = [json.loads(line)["dossier"] for line in run(twice, *DAY).stdout.splitlines()]
    assert names == [f"{twice}#1", f"{twice}#2"]


def test_the_summary_counts_each_verdict(many: Path) -> None:
    done = run(many, *DAY)
    verdicts = [json.loads(line).get("verdict", "unreadable") for line in done.stdout.splitlines()]
    counts = [f"{verdicts.count(kind)} {kind}" for kind in ("eligible", "ineligible", "needs_review", "unreadable")]
    assert done.stderr.splitlines()[-1] == f"screened 4 of 4: {', '.join(counts)}"
    assert done.exit_code == 3


def test_without_a_bid_deadline_the_day_is_required(many: Path) -> None:
    done = run(many)
    assert (done.exit_code, "--as-of DATE is required" in done.stderr) == (2, True)
    stated = run(many, "--policy", "suzhou-2017")
    assert "note: --as-of 2017-05-31, the bid deadline of the policy suzhou-2017" in stated.stderr
    assert json.loads(stated.stdout.splitlines()[0])["asOf"] == "2017-05-31"


@pytest.mark.parametrize("name", ["v.csv", "v.parquet", "V.CSV"])
def test_tables_hold_numbers_and_names(many: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    run(many, *DAY, "--out", out)
    content = out.read_bytes()
    assert content.startswith(b"PAR1" if name.endswith("parquet") else "\N{BOM}".encode())
    table = polars.read_parquet(content) if content[:4] == b"PAR1" else polars.read_csv(content)
    assert table.schema["score"] == polars.Float64
    assert table.schema["observed"] == polars.Int64
    assert table["organizationId"].unique(maintain_order=True).to_list() == ["A-1", "7", "many#3", "many#4"]
    assert table["organizationName"][0] == invented()["organization"]["name"]


@pytest.mark.parametrize("unmask", [False, True])
def test_a_workbook_names_dossier_person_and_reason(tmp_path: Path, unmask: bool) -> None:
    dossier = {"id": "A-1", **invented()}
    out = tmp_path / "v.xlsx"
    run(jsonl(tmp_path / "one.jsonl", dossier), *DAY, "--out", out, *(["--unmask"] if unmask else []))
    book = openpyxl.load_workbook(out)
    first = dossier["roster"][0]
    row = [cell.value for cell in book["人员"][2]]
    assert row[0] == "A-1"
    assert row[3] == first["name"]
    assert (row[4] == first["residentId"]) is unmask
    assert book["资格筛查"]["A2"].value == "A-1"
    reasons = [row[5] for row in book["理由"].iter_rows(min_row=2, values_only=True)]
    assert all("一" <= text[0] <= "鿿" or text[0] == "《" for text in reasons)


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "v.csv", "--format", "parquet"],
        ["--out", "v.jsonl", "--format", "xlsx"],
        ["--format", "csv"],
        ["--out", "v.csv", "--resume"],
        ["--out", "v.jsonl", "--unmask"],
    ],
)
def test_a_form_that_contradicts_the_file_is_wrong_usage(many: Path, tmp_path: Path, options: list[str]) -> None:
    words = [str(tmp_path / word) if word.startswith("v.") else word for word in options]
    assert run(many, *DAY, *words).exit_code == 2
    assert not list(tmp_path.glob("v.*"))


def test_plain_progress_is_lines(many: Path) -> None:
    lines = run(many, *DAY, "--progress", "plain").stderr.splitlines()
    assert lines[0] == "reading: 0/4"
    assert "screening: 4/4" in lines


def test_an_interrupted_run_says_how_far_it_came_and_is_resumed(tmp_path: Path) -> None:
    dossiers = jsonl(tmp_path / "many.jsonl", *[invented()] * 6000)
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "app", "screen", str(dossiers), *DAY, "--out", str(out), "--progress", "plain"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("screening: 0/"):
            break
    until = time.monotonic() + 60
    while (not out.exists() or out.stat().st_size == 0) and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    last = process.stderr.read().splitlines()[-1]
    assert process.wait(60) == 130
    assert last.startswith("interrupted: screened ")
    assert last.endswith("; the same command with --resume continues")
    written = out.read_bytes().count(b"\n")
    assert 0 < written < 6000
    assert f"screened {written} of 6000" in last
    resumed = run(dossiers, *DAY, "--out", out, "--resume")
    assert "screened 6000 of 6000" in resumed.stderr
    assert out.read_bytes().count(b"\n") == 6000
