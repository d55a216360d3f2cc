"""`bidscreen screen` in a shell: folders, lines, roster files, resuming, several processes, bad input."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import Workbook
from typer.testing import CliRunner

from app.bidders import dossier_reader
from app.entrypoints.cli.main import cli
from app.examination.screening.batch import sources
from tests.making.bad_dossiers import BAD, ID
from tests.making.dossiers import NAME, dossier, resident_id

DAY = ("--as-of", "2017-05-31")
LISTS = ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal")
ID_NUMBER = re.compile(r"(?<![0-9a-f])\d{17}[\dXx](?![0-9a-f])")


def run(*args: str | Path) -> Result:
    result = CliRunner().invoke(cli, ["screen", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert not ID_NUMBER.search(result.stdout + result.stderr)
    return result


def answers(text: str) -> dict[str, Any]:
    return {answer["dossier"]: answer for answer in map(json.loads, text.splitlines())}


@pytest.fixture
def lists(tmp_path: Path) -> list[str]:
    """Return options for all lists of the current policy, each with a header and no rows."""
    file = tmp_path / "empty.csv"
    file.write_text("name,uscc,former_names,kind,from,to,reason,document\n", "utf-8")
    return [option for name in LISTS for option in ("--credit-list", f"{name}={file}")]


def folder(place: Path, data: Any) -> Path:
    place.mkdir(parents=True)
    (place / "dossier.json").write_text(
        data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), "utf-8"
    )
    return place


def jsonl(place: Path, number: int) -> Path:
    rows = [dossier(n, f"第{n}社会工作服务社", first=20 * n % 900 + 1) for n in range(1, number + 1)]
    place.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return place


def test_a_folder_of_folders_survives_a_broken_dossier(tmp_path: Path, lists: list[str]) -> None:
    batch = tmp_path / "batch"
    folder(batch / "a-good", dossier())
    folder(batch / "b-broken", "{")
    folder(batch / "c-unknown", {**dossier(2, first=30), "salary": 1})
    (batch / "d-empty").mkdir()
    folder(batch / "e-good", dossier(3, "第三社会工作服务社", first=60))
    result = run(batch, *DAY, *lists)
    assert result.exit_code == 3
    found = answers(result.stdout)
    assert list(found) == ["a-good", "b-broken", "c-unknown", "d-empty", "e-good"]
    assert found["a-good"]["verdict"] == found["e-good"]["verdict"] == "eligible"
    codes = {name: (one["error"]["code"], one["error"]["pointer"]) for name, one in found.items() if "error" in one}
    assert codes == {
        "b-broken": ("json_malformed", ""),
        "c-unknown": ("unknown_key", "/salary"),
        "d-empty": ("dossier_missing", ""),
    }


def test_one_folder_one_file_and_lines(tmp_path: Path) -> None:
    single = folder(tmp_path / "single", dossier())
    file = tmp_path / "alone.json"
    file.write_text("\ufeff" + json.dumps(dossier(2, first=30)), "utf-8")
    result = run(single, file, jsonl(tmp_path / "many.jsonl", 2), *DAY)
    assert result.exit_code == 0
    assert list(answers(result.stdout)) == ["single", "alone", "many#1", "many#2"]


def test_dossiers_of_the_same_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    paths = [folder(tmp_path / one / "bidder", dossier(n, first=20 * n)) for n, one in enumerate("ab", 1)]
    files = []
    for one in "cd":
        (tmp_path / one).mkdir()
        files.append(jsonl(tmp_path / one / "x.jsonl", 1))
    assert list(answers(run(*paths, *files, *DAY).stdout)) == [*map(str, paths), *(f"{file}#1" for file in files)]


def test_a_person_on_two_dossiers_of_a_batch(tmp_path: Path, lists: list[str]) -> None:
    folder(tmp_path / "batch" / "a", dossier(1))
    folder(tmp_path / "batch" / "b", dossier(2, "乙社会工作服务社", first=8))
    found = answers(run(tmp_path / "batch", *DAY, *lists).stdout)
    assert found["a"]["staff"][7]["codes"] == ["on_other_dossier", "no_certificate"]
    assert "on_other_dossier" in found["b"]["staff"][0]["codes"]
    assert found["a"]["verdict"] == found["b"]["verdict"] == "needs_review"


HEADER = ["姓名", "身份证号", "用工形式", "合同开始日期", "合同结束日期", "社保缴纳单位", "社保起始月", "社保截止月"]


def people(number: int) -> list[list[str]]:
    return [
        [f"员工{n}", resident_id(n), "全职", "2016-01-01", "2018-12-31", NAME, "2016-01", "2017-05"]
        for n in range(1, number + 1)
    ]


def sheet(rows: list[list[str]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def comma(rows: list[list[str]], encoding: str) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode(encoding)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "gbk", "bom"])
def test_a_roster_file_replaces_the_roster(tmp_path: Path, kind: str) -> None:
    place = folder(tmp_path / "bidder", {**dossier(), "roster": []})
    rows = [HEADER, *people(9)]
    encoding = {"csv": "utf-8", "gbk": "gb18030", "bom": "utf-8-sig"}.get(kind)
    name = "roster.csv" if encoding else "roster.xlsx"
    (place / name).write_bytes(comma(rows, encoding) if encoding else sheet(rows))
    (answer,) = answers(run(place, *DAY).stdout).values()
    count = next(one for one in answer["requirements"] if one["id"] == "full_time_staff")
    assert (count["observed"], count["doubtful"], count["outcome"]) == (9, 0, "met")
    assert [row["pointer"] for row in answer["staff"]] == [f"/roster/{n}" for n in range(9)]


@pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"PK\x03\x04broken", b"%PDF-1.7 no roster"])
def test_a_roster_file_that_is_none(tmp_path: Path, data: bytes) -> None:
    folder(tmp_path / "batch" / "good", dossier())
    place = folder(tmp_path / "batch" / "spoilt", dossier(2, first=30))
    (place / "roster.xlsx").write_bytes(data)
    result = run(tmp_path / "batch", *DAY)
    found = answers(result.stdout)
    assert result.exit_code == 3
    assert found["spoilt"]["error"]["code"] == "roster_unreadable"
    assert found["spoilt"]["error"]["pointer"] == "/roster"
    assert "verdict" in found["good"]


def test_a_roster_of_5000_lines(tmp_path: Path) -> None:
    lines = [{"name": "某人", "residentId": None, "employment": "intern"}] * 4992 + dossier()["roster"]
    (answer,) = answers(run(folder(tmp_path / "big", {**dossier(), "roster": lines}), *DAY).stdout).values()
    assert len(answer["staff"]) == 5000
    assert [row["fullTime"] for row in answer["staff"][-8:]] == ["countable"] * 8


def test_resuming_after_a_torn_line(tmp_path: Path, lists: list[str]) -> None:
    source, out = jsonl(tmp_path / "many.jsonl", 6), tmp_path / "out.jsonl"
    options = (source, *DAY, *lists, "--out", out)
    assert run(*options).exit_code == 0
    whole = out.read_bytes()
    for cut in (0, 1, len(whole) // 2, len(whole) - 1, len(whole)):
        out.write_bytes(whole[:cut])
        assert run(*options, "--resume").exit_code == 0
        assert out.read_bytes() == whole
    out.unlink()
    assert run(*options, "--resume").exit_code == 0
    assert out.read_bytes() == whole


def test_a_resumed_output_keeps_its_status(tmp_path: Path) -> None:
    source, out = tmp_path / "two.jsonl", tmp_path / "out.jsonl"
    source.write_text("{}\n" + json.dumps(dossier()) + "\n", "utf-8")
    assert run(source, *DAY, "--out", out).exit_code == 3
    assert run(source, *DAY, "--out", out, "--resume").exit_code == 3


def test_an_output_of_another_run_is_not_resumed(tmp_path: Path, lists: list[str]) -> None:
    source, out = jsonl(tmp_path / "many.jsonl", 2), tmp_path / "out.jsonl"
    assert run(source, *DAY, "--out", out).exit_code == 0
    whole = out.read_bytes()
    others = (("--as-of", "2017-05-30"), (*DAY, "--policy", "suzhou-2017"), (*DAY, "--assurance", "documented"))
    for change in (*others, (*DAY, *lists)):  # a run without the lists starts again
        assert run(source, "--out", out, "--resume", *change).exit_code == 2
    out.write_bytes(b"something else\n")
    assert run(source, *DAY, "--out", out, "--resume").exit_code == 2
    assert whole


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "many.jsonl", 450)
    one = run(source, *DAY)
    two = run(source, *DAY, "--jobs", "2")
    assert (one.exit_code, two.exit_code) == (0, 0)
    assert one.stdout_bytes == two.stdout_bytes
    assert len(one.stdout.splitlines()) == 450


def test_twice_gives_the_same_bytes(tmp_path: Path, lists: list[str]) -> None:
    source = jsonl(tmp_path / "many.jsonl", 3)
    assert run(source, *DAY, *lists).stdout_bytes == run(source, *DAY, *lists).stdout_bytes


def test_the_deadline_of_the_plan_is_the_default_day(tmp_path: Path) -> None:
    (answer,) = answers(run(folder(tmp_path / "a", dossier()), "--policy", "suzhou-2017").stdout).values()
    assert answer["asOf"] == "2017-05-31"


def test_a_workbook(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert run(jsonl(tmp_path / "many.jsonl", 2), *DAY, "--format", "xlsx", "--out", out).exit_code == 0
    assert out.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    "args",
    [
        ["no-such-folder"],
        [".", "--as-of", "20170531"],
        [".", "--as-of", "2017-02-30"],
        [".", "--as-of", "2017-W22-3"],
        [".", "--policy", "suzhou-1999"],
        [".", "--credit-list", "court-dishonest"],
        [".", "--credit-list", "court-dishonest=no-such-file"],
        [".", "--assurance", "sworn"],
        [".", "--format", "pdf"],
        [".", "--format", "xlsx"],
        [".", "--resume"],
        [".", "--jobs", "0"],
        [".", ".", *DAY],
        ["--shout"],
        [],
    ],
)
def test_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
    folder(tmp_path / "here", dossier())
    monkeypatch.chdir(tmp_path / "here")
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(("name", "data", "code", "pointer"), BAD, ids=[name for name, *_ in BAD])
def test_bad_input_is_answered_with_its_place(tmp_path: Path, name: str, data: bytes, code: str, pointer: str) -> None:
    folder(tmp_path / "batch" / "good", dossier())
    (tmp_path / "batch" / "bad").mkdir()
    (tmp_path / "batch" / "bad" / "dossier.json").write_bytes(data)
    result = run(tmp_path / "batch", *DAY)
    found = answers(result.stdout)
    assert result.exit_code == 3
    assert found["bad"] == {
        "dossier": "bad",
        "error": {"code": code, "pointer": pointer, "message": found["bad"]["error"]["message"]},
    }
    assert found["bad"]["error"]["message"]
    assert "verdict" in found["good"]


def test_a_file_name_of_any_bytes(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/a\xff"
    Path(os.fsdecode(place)).mkdir()
    Path(os.fsdecode(place), "dossier.json").write_text(json.dumps(dossier()), "utf-8")
    assert list(answers(run(tmp_path, *DAY).stdout)) == ["a\\xff"]


def test_a_dossier_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier_reader, "LARGEST", 100)
    monkeypatch.setattr(sources, "LARGEST", 100)
    place = folder(tmp_path / "big", dossier())
    assert (
        answers(run(place, jsonl(tmp_path / "x.jsonl", 1), *DAY).stdout)["big"]["error"]["code"] == "dossier_too_large"
    )


def test_as_a_process_of_its_own(tmp_path: Path) -> None:
    """Standard output contains lines only; no traceback, no ID number on either stream."""
    folder(tmp_path / "batch" / "bad", f'{{"organization": {{}}, "roster": [{{"residentId": {ID[:17]}}}]}}')
    folder(tmp_path / "batch" / "good", dossier())
    command = [str(Path(sys.executable).with_name("bidscreen")), "screen", str(tmp_path / "batch"), *DAY]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 3
    assert [json.loads(line)["dossier"] for line in done.stdout.splitlines()] == ["bad", "good"]
    assert b"Traceback" not in done.stderr
    assert not ID_NUMBER.search((done.stdout + done.stderr).decode())
