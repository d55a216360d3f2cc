"""`bidscreen rank` and `bidscreen awards` in a shell: standard output, exit status, loaded modules."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.entrypoints.cli.terminal import json_io

SCORES = {"memberA": {"plan": "80"}}
LOT: dict[str, Any] = {
    "lot": {"id": "苏锦街道", "ceiling": "1000000.00"},
    "scheme": {
        "price": {"points": "10", "formula": "lowest_price"},
        "factors": [{"id": "plan", "points": "90", "objective": False, "technical": True}],
    },
    "bids": [
        {"id": name, "price": price, "qualified": True, "scores": SCORES}
        for name, price in (("A", "980000.00"), ("B", "1000000.00"), ("C", "770000.00"))
    ],
}
CANDIDATES = [
    {"bid": "b1", "bidder": "S1", "rank": 1, "total": "95", "price": "950000"},
    {"bid": "b2", "bidder": "S2", "rank": 2, "total": "94", "price": "940000"},
]
AWARDS: dict[str, Any] = {"lots": [{"id": "L1", "value": "1000000", "ranking": CANDIDATES}], "rule": "optimal"}


def run(*args: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), input=text)


def test_rank_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "lot.json"
    path.write_text(json.dumps(LOT, ensure_ascii=False), "utf-8")
    done = run("rank", str(path))
    assert done.exit_code == 0
    answer = json.loads(done.stdout_bytes)
    assert answer["lot"] == "苏锦街道"
    assert [(row["bid"], row["rank"], row["total"]) for row in answer["rows"]] == [
        ("C", 1, "90.00"),
        ("A", 2, "87.86"),
        ("B", 3, "87.70"),
    ]
    assert answer["warnings"] == [{"code": "abnormally_low", "bid": "C"}]
    assert run("rank", str(path)).stdout_bytes == done.stdout_bytes


def test_rank_reads_standard_input_and_a_setting() -> None:
    done = run("rank", "--abnormally-low", "70", "-", text=json.dumps(LOT))
    assert done.exit_code == 0
    assert json.loads(done.stdout)["warnings"] == []


def test_awards_reads_standard_input() -> None:
    done = run("awards", "-", text=json.dumps(AWARDS))
    assert done.exit_code == 0
    assert json.loads(done.stdout)["assignment"] == [{"lot": "L1", "bidder": "S1", "bid": "b1"}]


@pytest.mark.parametrize("command", ["rank", "awards"])
def test_refused_input_is_answered_with_status_3(command: str) -> None:
    for text, pointer in (("{", ""), ("[]", ""), ('{"x": 1}', "/x"), (b"\x00\xff", ""), ("", "")):
        done = run(command, "-", text=text)
        assert done.exit_code == 3
        assert [fault["pointer"] for fault in json.loads(done.stdout)["errors"]] == [pointer]


@pytest.mark.parametrize("command", ["rank", "awards"])
def test_wrong_usage_has_status_2(command: str, tmp_path: Path) -> None:
    for args in ([], [str(tmp_path / "nothing.json")], [str(tmp_path)], ["-", "more"], ["--unknown", "-"]):
        done = run(command, *args)
        assert done.exit_code == 2
        assert done.stdout == ""
        assert "Error" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["rank", "awards"])
def test_a_document_beyond_memory_is_refused(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_io, "MOST_BYTES", 10)
    done = run(command, "-", text=json.dumps(LOT))
    assert done.exit_code == 3
    assert json.loads(done.stdout)["errors"][0]["code"] == "document_too_large"


@pytest.mark.parametrize(("command", "document"), [("rank", LOT), ("awards", AWARDS)])
def test_small_documents_load_neither_scipy_nor_the_service(command: str, document: dict[str, Any]) -> None:
    code = (
        "import sys\nfrom app.entrypoints.cli.main import cli\n"
        f"cli([{command!r}, '-'], standalone_mode=False)\n"
        "print(sorted({'scipy', 'numpy', 'fastapi', 'sqlalchemy'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(document).encode(), capture_output=True, check=True
    )
    assert done.stderr.decode().strip().splitlines()[-1] == "[]"


def errors_of(command: str, given: dict[str, Any], tmp_path: Path) -> list[tuple[str, str]]:
    file = tmp_path / "given.json"
    file.write_text(json.dumps(given), "utf-8")
    done = CliRunner().invoke(cli, [command, str(file)])
    assert done.exit_code == 3
    return [(error["code"], error["pointer"]) for error in json.loads(done.stdout)["errors"]]


def test_rank_states_all_errors_at_once(tmp_path: Path) -> None:
    bids = [{"id": "a", "price": "1,0", "qualified": 1}, {"id": "b", "qualified": True, "deduction": "2"}]
    scheme = {"price": {"points": "-1", "formula": "best"}, "factors": [], "rounding": {"places": 11}}
    assert errors_of("rank", {"lot": {"id": "", "ceiling": None}, "scheme": scheme, "bids": bids}, tmp_path) == [
        ("text_length", "/lot/id"),
        ("out_of_range", "/scheme/price/points"),
        ("unknown_value", "/scheme/price/formula"),
        ("required", "/scheme/factors"),
        ("out_of_range", "/scheme/rounding/places"),
        ("decimal_malformed", "/bids/0/price"),
        ("wrong_type", "/bids/0/qualified"),
        ("deduction_out_of_range", "/bids/1/deduction"),
    ]
    assert errors_of("rank", {"lots": {}, "plan": {}}, tmp_path) == [("unknown_key", "/lots"), ("unknown_key", "/plan")]


def test_awards_states_all_errors_at_once(tmp_path: Path) -> None:
    given = {
        "rule": "best",
        "objective": "score",
        "limits": {"maximumLotsAwardedPerSupplier": -1},
        "lots": [{"id": "1"}],
    }
    assert errors_of("awards", given, tmp_path) == [
        ("unknown_value", "/rule"),
        ("unknown_value", "/objective"),
        ("out_of_range", "/limits/maximumLotsAwardedPerSupplier"),
        ("required", "/lots/0/ranking"),
    ]
