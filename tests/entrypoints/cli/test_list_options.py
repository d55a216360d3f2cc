"""Credit lists of `screen`: the day of a file, its columns, and what comes from the data directory."""

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.platform.unit_of_work import UnitOfWork
from tests.making.dossiers import dossier

HEADER = "name,uscc,former_names,kind,from,to,reason,document\n"
NAME = "无关机构服务社"
LISTS = ("court-dishonest", "tax-serious", "procurement-serious")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(tmp_path / "data"))
    for name in ("BIDSCREEN_SECRET_KEY", "BIDSCREEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "one.json").write_text(json.dumps(dossier()), "utf-8")
    (tmp_path / "list.csv").write_text(f"{HEADER}{NAME},,,,2016-01-01,,,\n", "utf-8")
    return tmp_path


def screen(folder: Path, *options: str) -> Any:
    own = ("screen", str(folder / "one.json"), "--as-of", "2017-05-31", "--policy", "suzhou-2017")
    return CliRunner().invoke(cli, [*own, *options])


def lists(folder: Path, suffix: str, names: tuple[str, ...] = LISTS) -> list[str]:
    return [part for name in names for part in ("--credit-list", f"{name}={folder / 'list.csv'}{suffix}")]


def test_a_stated_day_of_retrieval_is_used_and_not_assumed(folder: Path) -> None:
    done = screen(folder, *lists(folder, "@2017-05-20"))
    answer = json.loads(done.stdout)
    assert [(one["retrievedAt"], one.get("retrievedAtAssumed")) for one in answer["creditSnapshots"]] == [
        ("2017-05-20", None)
    ] * 3
    assert "retrievedAtAssumed" not in done.stderr
    assumed = screen(folder, *lists(folder, ""))
    assert {one["retrievedAtAssumed"] for one in json.loads(assumed.stdout)["creditSnapshots"]} == {True}
    assert assumed.stderr.count("retrievedAtAssumed") == 1


def test_a_stated_day_outside_the_window_does_not_clear(folder: Path) -> None:
    for day in ("2017-01-01", "2017-06-01"):
        answer = json.loads(screen(folder, *lists(folder, f"@{day}")).stdout)
        record = next(one for one in answer["requirements"] if one["id"] == "credit_record")
        assert record["outcome"] == "undetermined", day


def test_a_mapping_reads_a_list_with_other_columns(folder: Path) -> None:
    """The bidder stands on a list whose columns are named otherwise: with the mapping it is found."""
    code = dossier()["organization"]["identifier"]["id"]
    (folder / "own.csv").write_text(f"单位全称,信用代码,起\n{NAME},{code},2016-01-01\n", "utf-8")
    mapping = {"columns": {"name": "单位全称", "uscc": "信用代码", "from": "起"}}
    (folder / "mapping.json").write_text(json.dumps(mapping), "utf-8")
    given = [*lists(folder, "@2017-05-20", LISTS[1:]), "--credit-list", f"{LISTS[0]}={folder / 'own.csv'}@2017-05-20"]
    done = screen(folder, *given, "--mapping", f"{LISTS[0]}={folder / 'mapping.json'}")
    assert done.exit_code == 0, done.stderr
    record = next(one for one in json.loads(done.stdout)["requirements"] if one["id"] == "credit_record")
    assert record["outcome"] == "not_met"
    mapping["columns"]["uscc"] = "代码"
    (folder / "mapping.json").write_text(json.dumps(mapping), "utf-8")
    refused = screen(folder, *given, "--mapping", f"{LISTS[0]}={folder / 'mapping.json'}")
    assert refused.exit_code == 2
    assert "代码" in refused.stderr and "信用代码" in refused.stderr


def test_what_comes_from_the_data_directory_is_said_and_recorded(folder: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(cli, ["migrate"]).exit_code == 0
    imported = runner.invoke(
        cli, ["credit", "import", "tax-serious", str(folder / "list.csv"), "--retrieved-at", "2017-05-20"]
    )
    snapshot = json.loads(imported.stdout)["id"]
    done = screen(folder, *lists(folder, "@2017-05-25", (LISTS[0], LISTS[2])))
    assert f"note: list tax-serious from the data directory: {snapshot}, retrieved on 2017-05-20" in done.stderr
    recorded = {one["list"]: one["snapshot"] for one in json.loads(done.stdout)["creditSnapshots"]}
    assert recorded["tax-serious"] == snapshot
    assert recorded["court-dishonest"].startswith("sha256:")


def test_an_import_that_is_not_stored_prints_no_snapshot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at the commit: the id on standard output would be that of nothing."""
    runner = CliRunner()
    assert runner.invoke(cli, ["migrate"]).exit_code == 0

    def full(_work: UnitOfWork) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(UnitOfWork, "commit", full)
    done = runner.invoke(cli, ["credit", "import", "tax-serious", str(folder / "list.csv")])
    assert (done.stdout, type(done.exception)) == ("", OSError)
