"""`extract` accepts folders, selects the format by the output's extension, masks numbers in tables, and can be resumed."""

import json
from pathlib import Path

import openpyxl
import polars
import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.core.values.identity import masked_id
from app.entrypoints.cli.extraction.output import masked
from app.entrypoints.cli.main import cli
from tests.making.dossiers import resident_id

NUMBERS = [resident_id(1), resident_id(2)]
ROSTER = "姓名,身份证号\n" + "".join(f"甲{number[-4:]},{number}\n" for number in NUMBERS)


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["extract", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a roster, a nested one, an empty file and a hidden one."""
    files = tmp_path / "bids"
    (files / "b").mkdir(parents=True)
    (files / "a.csv").write_text(ROSTER, "utf-8")
    (files / "b" / "c.csv").write_text(ROSTER, "utf-8")
    (files / "d.pdf").write_bytes(b"")
    (files / ".hidden").write_text("x")
    return files


def test_a_folder_stands_for_the_files_in_it(folder: Path) -> None:
    done = run(folder)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["file"] for record in records] == [str(folder / name) for name in ("a.csv", "d.pdf", "b/c.csv")]
    assert [row["residentId"] for row in records[0]["rows"]] == NUMBERS
    assert done.stderr.splitlines()[-1] == "read 3 of 3: 2 extracted, 0 needs_review, 1 rejected"
    assert done.exit_code == 3


def test_json_lines_are_masked_on_request(folder: Path) -> None:
    text = run(folder / "a.csv", "--mask").stdout
    assert not any(number in text for number in NUMBERS)
    assert masked_id(NUMBERS[0]) in text


def test_a_number_that_is_no_valid_id_is_masked_in_its_own_field() -> None:
    slipped = f"{NUMBERS[0][:-1]}{'1' if NUMBERS[0][-1] != '1' else '2'}"
    field = {"field": "residentId", "value": slipped, "text": slipped}
    hidden = masked({"fields": [field], "rows": [{"residentId": slipped}], "status": "extracted"})
    assert slipped not in json.dumps(hidden)


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("unmask", [False, True])
def test_tables_have_a_row_for_each_value(folder: Path, tmp_path: Path, form: str, unmask: bool) -> None:
    out = tmp_path / f"values.{form}"
    run(folder, "--out", out, *(["--unmask"] if unmask else []))
    if form == "xlsx":
        header, *rows = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
        found = [dict(zip(header, row, strict=True)) for row in rows]
    else:
        table = polars.read_parquet(out) if form == "parquet" else polars.read_csv(out)
        assert table.schema["row"] == polars.Int64
        found = table.to_dicts()
    ids = [one["value"] for one in found if one["field"] == "residentId"]
    assert ids == [number if unmask else masked_id(number) for number in NUMBERS * 2]
    rejected = [one for one in found if one["status"] == "rejected"]
    assert [(one["file"], one["field"]) for one in rejected] == [(str(folder / "d.pdf"), None)]
    assert rejected[0]["reasons"]


def test_a_torn_output_is_resumed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(folder, "--out", out)
    whole = out.read_bytes()
    first = whole.index(b"\n") + 1
    out.write_bytes(whole[: first + 20])
    done = run(folder, "--out", out, "--resume")
    assert out.read_bytes() == whole
    assert "read 3 of 3" in done.stderr
    out.write_text("other\n")
    assert run(folder, "--out", out, "--resume").exit_code == 2


def test_an_output_in_the_folder_that_is_read_is_no_input(folder: Path) -> None:
    out = folder / "out.jsonl"
    out.write_text("")
    run(folder, "--out", out)
    assert len(out.read_text("utf-8").splitlines()) == 3


@pytest.mark.parametrize(
    "options",
    [["--resume"], ["--format", "csv"], ["--out", "x.csv", "--resume"], ["--out", "x.csv", "--format", "xlsx"]],
)
def test_options_that_contradict_each_other(folder: Path, tmp_path: Path, options: list[str]) -> None:
    words = [str(tmp_path / word) if word.startswith("x.") else word for word in options]
    assert run(folder, *words).exit_code == 2
    assert not (tmp_path / "x.csv").exists()


def test_plain_progress(folder: Path) -> None:
    assert "extract: 3/3" in run(folder, "--progress", "plain").stderr.splitlines()
