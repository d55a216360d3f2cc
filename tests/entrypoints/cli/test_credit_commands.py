"""`bidscreen credit import` and `credit match`, and `screen` with the stored lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from tests.making.dossiers import NAME, dossier, uscc

HEADER = "name,uscc,former_names,kind,from,to,reason,document\n"
LISTS = ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal")
KEYS = {"id", "status", "hits", "candidates", "error"}


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of its own, on SQLite."""
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("BIDSCREEN_DATABASE_URL", raising=False)
    return tmp_path / "data"


def run(*args: str | Path, given: str | None = None) -> Result:
    result = CliRunner().invoke(cli, list(map(str, args)), input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def import_list(directory: Path, rows: str, name: str = "court-dishonest", *options: str) -> dict[str, Any]:
    file = directory / f"{name}.csv"
    file.write_text(HEADER + rows, "utf-8")
    empty = () if rows else ("--allow-empty",)
    result = run("credit", "import", name, file, *(options or ("--retrieved-at", "2017-05-20")), *empty)
    assert result.exit_code == 0, result.stderr
    shown: dict[str, Any] = json.loads(result.stdout)
    return shown


def matched(given: str, *options: str) -> list[dict[str, Any]]:
    result = run("credit", "match", "--as-of", "2017-05-31", *options, "-", given=given)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_line_for_each_query_in_their_order(tmp_path):
    import_list(tmp_path, f"苏州市星海晨光社会工作服务社,{uscc(5)},,barring,2016-01-01,,失信,（2016）执1号\n")
    given = f"id,name,uscc\nb,苏州星海晨曦社工服务社,\na,,{uscc(5)}\nc,苏州市百川汇聚社工事务所,\nd,社会工作服务中心,\n"
    found = matched(given)
    assert [(one["id"], one["status"]) for one in found] == [
        ("b", "candidate"),
        ("a", "hit"),
        ("c", "clear"),
        ("d", "insufficient"),
    ]
    assert all(set(one) == KEYS and one["error"] is None for one in found)
    hit = found[1]["hits"][0]
    assert set(hit) == {"list", "snapshot", "entry", "rule"}
    assert hit["entry"] == {
        "name": "苏州市星海晨光社会工作服务社",
        "uscc": uscc(5),
        "kind": "barring",
        "from": "2016-01-01",
        "to": None,
        "reason": "失信",
        "document": "（2016）执1号",
    }
    candidate = found[0]["candidates"][0]
    assert set(candidate) == {"list", "snapshot", "entry", "score", "explanations"}
    assert 0.75 <= candidate["score"] <= 1
    assert set(candidate["explanations"][0]) == {"feature", "score", "query", "candidate", "detail"}


def test_json_lines_and_lists_chosen(tmp_path):
    import_list(tmp_path, "甲社会工作服务社,,,,,,,\n")
    import_list(tmp_path, "乙社会工作服务社,,,,,,,\n", "tax-serious")
    given = '{"id": 1, "name": "甲社会工作服务社", "uscc": null}\n{"name": "乙社会工作服务社"}\n'
    assert [one["status"] for one in matched(given)] == ["candidate", "candidate"]
    assert [one["status"] for one in matched(given, "--lists", "tax-serious")] == ["clear", "candidate"]
    assert run("credit", "match", "--lists", "social-serious", "-", given=given).exit_code == 2


def test_a_query_that_cannot_be_read_is_answered(tmp_path):
    import_list(tmp_path, "甲社会工作服务社,,,,,,,\n")
    given = (
        '{"id": "a", "name": 5}\nnot json\n{"id": "b", "name": "'
        + "苏" * 10_000
        + '"}\n{"id": "c", "name": "\\ud800"}\n'
    )
    result = run("credit", "match", "-", given="{}\n" + given)
    assert result.exit_code == 3
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["status"] for one in found] == ["insufficient"] * 5
    assert [one["error"] and one["error"]["code"] for one in found] == [
        None,
        "query_unreadable",
        "query_unreadable",
        "name_too_long",
        "query_unreadable",
    ]


def test_bad_rows_are_named_and_the_rest_is_kept(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(HEADER + "甲,,,,2017-02-01,2017-01-01,,\n,,,,2017-02-01,,失信,\n乙社会工作服务社,,,,,,,\n", "utf-8")
    result = run("credit", "import", "court-dishonest", file)
    assert result.exit_code == 3
    assert "line 2: kept, not read completely: not readable: from, to" in result.stderr
    assert "line 3: not imported: neither name nor code can be read" in result.stderr
    shown = json.loads(result.stdout)
    assert (shown["rows"], shown["badRows"], shown["unreadRows"]) == (2, 1, 1)
    assert matched("id,name,uscc\n1,丙养老服务社,\n")[0]["status"] == "insufficient"  # the list clears no bidder


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xe0", "编号\n甲\n".encode(), '{"编号": "甲"}\n'.encode(), HEADER.encode()]
)
def test_a_failed_import_leaves_the_old_snapshot_in_force(tmp_path, content):
    import_list(tmp_path, "甲社会工作服务社,,,,,,,\n")
    (tmp_path / "bad").write_bytes(content)
    result = run("credit", "import", "court-dishonest", tmp_path / "bad", "--retrieved-at", "2017-05-25")
    assert result.exit_code == 3
    assert "the previous snapshot stays in force" in result.stderr
    assert matched("id,name,uscc\n1,甲社会工作服务社,\n")[0]["status"] == "candidate"


def test_wrong_usage_says_what_is_wrong(tmp_path):
    (tmp_path / "list.csv").write_text(HEADER, "utf-8")
    assert run("credit", "match", "-", given="id,name,uscc\n").exit_code == 2  # nothing was imported
    assert run("credit", "import", "Court", tmp_path / "list.csv").exit_code == 2
    assert run("credit", "import", "court", tmp_path / "nowhere.csv").exit_code == 2
    assert run("credit", "import", "court", tmp_path / "list.csv", "--retrieved-at", "2017-13-01").exit_code == 2
    import_list(tmp_path, "")
    assert run("credit", "match", "-", given="a,b\n1,2\n").exit_code == 2


def test_importing_twice_adds_nothing(tmp_path):
    assert import_list(tmp_path, "甲,,,,,,,\n")["id"] == import_list(tmp_path, "甲,,,,,,,\n")["id"]


def test_an_old_snapshot_is_searched_with_a_warning(tmp_path):
    import_list(tmp_path, "甲社会工作服务社,,,,,,,\n", "court-dishonest", "--retrieved-at", "2017-01-20")
    result = run("credit", "match", "--as-of", "2017-05-31", "-", given="id,name,uscc\n1,甲社会工作服务社,\n")
    assert "warning: court-dishonest: retrieved on 2017-01-20" in result.stderr
    assert json.loads(result.stdout)["status"] == "candidate"


def test_screen_takes_what_was_imported_and_a_file_wins(tmp_path):
    file = tmp_path / "dossier.json"
    file.write_text(json.dumps(dossier(1)), "utf-8")
    row = f"{NAME},,,barring,2016-01-01,,失信,1\n"

    def outcome(*options: str) -> tuple[str, list[str]]:
        result = run("screen", file, "--as-of", "2017-05-31", *options)
        (found,) = [one for one in json.loads(result.stdout)["requirements"] if one["id"] == "credit_record"]
        return found["outcome"], [reason["code"] for reason in found["reasons"]]

    assert outcome() == ("undetermined", ["list_missing"] * 5)
    for name in LISTS:
        import_list(tmp_path, "", name)
    assert outcome() == ("met", [])
    import_list(tmp_path, row, "tax-serious", "--retrieved-at", "2017-05-25")
    assert outcome() == ("undetermined", ["candidate_same_name"])
    empty = tmp_path / "empty.csv"
    empty.write_text(HEADER, "utf-8")
    assert outcome("--credit-list", f"tax-serious={empty}") == ("met", [])
    import_list(tmp_path, row, "tax-serious", "--retrieved-at", "2017-06-25")  # recorded after the day: not known then
    assert outcome() == ("undetermined", ["candidate_same_name"])
