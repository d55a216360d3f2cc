"""The planted cases get the planned verdicts when the command line screens the folder that `sample` wrote."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from app.sample.data.credit import LISTS
from app.sample.data.decisions import QUALIFIED, is_qualified
from app.sample.data.tender import AS_OF

RUN = [sys.executable, "-c", "from app.entrypoints.cli.main import main; main()"]
SOUND = dict.fromkeys(("chengxi", "puwan", "lanting", "kunyue", "tonghe", "yinghu"), "eligible")
UNFIT = dict.fromkeys(("shiqiao", "liuting", "fengqi", "fengli", "yinqiao"), "ineligible")
VERDICTS = {
    "declared": {**SOUND, **UNFIT, "lingtang": "needs_review", "lupu": "needs_review", "liudu": "eligible"},
    "documented": {**SOUND, **UNFIT, "lingtang": "eligible", "lupu": "needs_review", "liudu": "needs_review"},
}
NOT_MET = {
    "shiqiao": {"full_time_staff"},
    "liuting": {"social_workers"},
    "fengqi": {"registration_valid"},
    "fengli": {"registration_authority"},
    "yinqiao": {"credit_record"},
}
Screen = Callable[[str], dict[str, dict]]


@pytest.fixture(scope="module")
def screen(folder: Path) -> Screen:
    lists = [arg for name in LISTS for arg in ("--credit-list", f"{name}={folder}/credit-lists/{name}.csv")]

    @cache
    def run(assurance: str) -> dict[str, dict]:
        arguments = ["screen", str(folder / "dossiers"), "--as-of", AS_OF.isoformat(), "--assurance", assurance, *lists]
        done = subprocess.run([*RUN, *arguments], capture_output=True, text=True, check=True)
        return {line["dossier"]: line for line in map(json.loads, done.stdout.splitlines())}

    return run


@pytest.mark.parametrize("assurance", ["declared", "documented"])
def test_verdicts_and_what_is_not_met(screen: Screen, assurance: str) -> None:
    lines = screen(assurance)
    assert {folder: line["verdict"] for folder, line in lines.items()} == VERDICTS[assurance]
    not_met = {
        folder: {answer["id"] for answer in line["requirements"] if answer["outcome"] == "not_met"}
        for folder, line in lines.items()
    }
    assert {folder: ids for folder, ids in not_met.items() if ids} == NOT_MET


def test_with_the_officers_decisions_seven_are_qualified(screen: Screen) -> None:
    lines = screen("documented")
    qualified = {folder for folder, line in lines.items() if is_qualified(folder, line["verdict"])}
    assert qualified == {*SOUND, "lingtang"}


def test_an_open_verdict_that_nobody_decided_is_no_answer() -> None:
    with pytest.raises(KeyError):
        is_qualified("chengxi", "needs_review")


def test_the_insurance_proof_clears_the_one_who_holds_it(screen: Screen) -> None:
    lines = screen("documented")
    codes = {
        folder: {code for entry in lines[folder]["staff"] for code in entry["codes"]} for folder in ("lingtang", "lupu")
    }
    assert "on_other_dossier" not in codes["lingtang"]
    assert {"on_other_dossier", "insurance_missing"} <= codes["lupu"]


def test_the_qualified_bidders_are_those_of_the_verdicts() -> None:
    assert {folder for folder, verdict in VERDICTS["documented"].items() if is_qualified(folder, verdict)} == QUALIFIED
