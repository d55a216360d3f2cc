"""`bidscreen screen --organizations … --roster …`: the same results as for folders, from tables."""

import json
import random
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars
import pytest
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.examination.screening.batch.columns import DECLARED
from app.tendering.policies.presets import preset_document
from tests.making.dossiers import dossier, line

DAY = ("--as-of", "2017-05-31")
COLUMNS = "name,uscc,former_names,kind,from,to,reason,document\n"


def run(*args: str | Path) -> Any:
    return CliRunner().invoke(cli, ["screen", *map(str, args)])


def varied(number: int, chance: random.Random) -> dict[str, Any]:
    """Return a dossier with something missing, wrong or unusual that a table can express."""
    data = dossier(number, f"第{number}社会工作服务社", first=20 * number, staff=chance.randrange(6, 11))
    organization = data["organization"]
    registration = organization["registration"]
    changes: list[Callable[[], object]] = [
        lambda: organization.update(formerNames=["苏州市旧名社", "旧旧名社"]),
        lambda: organization.update(identifier=None),
        lambda: registration.update(validTo=None, openEnded=True),
        lambda: registration.update(kind="filed"),
        lambda: registration.update(
            annualChecks=[{"year": 2015, "conclusion": "failed"}, {"year": 2016, "conclusion": "passed"}]
        ),
        lambda: registration.update(businessScope="养老, “照料”\n服务"),
        lambda: data.update(auditReports=[{"year": 2016, "opinion": "adverse"}]),
        lambda: data.update(declarations=data["declarations"][:1]),
        lambda: data.update(roster=[]),
        lambda: data.update(rosterIncomplete=["sheets_not_read", "rows_lost"]),
        lambda: registration.update(validFrom=None, unread=["validFrom"]),
        lambda: data.update(figures=[{"kind": "turnover", "year": 2016, "value": "1200000"}]),
        lambda: data.update(documents=[{"kind": "audit_report"}, {"kind": "elderly_care_record"}]),
    ]
    for change in chance.sample(changes, chance.randrange(0, 3)):
        change()
    for one in data["roster"]:
        odd: list[Callable[[Any], object]] = [
            lambda one: one.update(employment=chance.choice(["part_time", "rehired", None])),
            lambda one: one.update(residentId=None, certificates=[]),
            lambda one: one.update(contractFrom=chance.choice([None, "2017-03-15", "2017-06-01"])),
            lambda one: one["socialInsurance"].update({"from": "2017-04", "to": chance.choice([None, "2017-05"])}),
            lambda one: one["socialInsurance"].update(payer=chance.choice([None, "甲公司", "苏州市旧名社"])),
            lambda one: [certificate.update(level="local") for certificate in one["certificates"]],
            lambda one: [certificate.update(approvedOn=None) for certificate in one["certificates"]],
            lambda one: [certificate.update(validTo="2017-01-31") for certificate in one["certificates"]],
            lambda one: one.update(contractTo=None, unread=["contractTo"]),
            lambda one: one["socialInsurance"].update(to=None, unread=["to"]),
            lambda one: one.update(position="护士", columns={"职称": "主管护师"}),
            lambda one: one["certificates"].append({"kind": "nurse", "validTo": chance.choice([None, "2019-01-31"])}),
        ]
        if chance.random() < 0.2:
            chance.choice(odd)(one)
    if data["roster"] and chance.random() < 0.3:
        data["roster"].append(line(1))  # on several rosters
    return data


def cell(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(
            one
            if isinstance(one, str)
            else one["kind"]
            if set(one) <= {"kind", "signedOn"}
            else ":".join(map(str, one.values()))
            for one in value
        )
    return str(value).lower() if isinstance(value, bool) else value


def flattened(data: dict[str, Any], skipped: Iterable[str] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in data.items():
        if key in skipped:
            continue
        if key == "columns":
            found |= {f"columns.{name}": one for name, one in value.items()}
        elif isinstance(value, dict):
            found |= {f"{key}{name[0].upper()}{name[1:]}": cell(one) for name, one in value.items()}
        else:
            found[key] = cell(value)
    if "registrationAnnualChecks" in found:
        found["annualChecks"] = found.pop("registrationAnnualChecks")
    return found


def tables(place: Path, dossiers: dict[str, dict[str, Any]], kind: str) -> list[str]:
    """Write the three tables of the dossiers; return the options that name them."""
    organizations: list[dict[str, Any]] = []
    roster: list[dict[str, Any]] = []
    certificates: list[dict[str, Any]] = []
    for key, data in dossiers.items():
        own: dict[str, Any] = {name: cell(data[name]) for name in DECLARED if name in data}
        organizations.append({"organizationId": key, **flattened(data["organization"]), **own})
        for one in data["roster"]:
            roster.append({"organizationId": key, **flattened(one, ["certificates"])})
            certificates += [
                {"organizationId": key, "residentId": one["residentId"], **each} for each in one["certificates"]
            ]
    options = []
    for name, rows in (("organizations", organizations), ("roster", roster), ("certificates", certificates)):
        plain = [{column: value for column, value in row.items() if column != "identifier"} for row in rows]
        table = polars.DataFrame(plain, infer_schema_length=None)
        file = place / f"{name}.{kind}"
        table.write_parquet(file) if kind == "parquet" else table.write_csv(file)
        options += [f"--{name}", str(file)]
    return options


def care_policy(file: Path) -> Path:
    """Write a policy whose requirements need further columns, documents and figures."""
    document = preset_document("elderly-care")
    nurses = next(one for one in document["requirements"] if one["id"] == "nurses")
    by_title = {**nurses, "id": "titles", "staff": {"column": "职称", "contains": ["主管护师"]}, "minimum": 1}
    turnover = {"id": "sales", "title": "营业收入", "figure": {"name": "turnover", "minimum": "1000000.00"}}
    document["requirements"] += [by_title, {**turnover, "legalBasis": ["政府采购法 第二十二条第二款"]}]
    file.write_text(json.dumps({**document, "id": "care"}), "utf-8")
    return file


@pytest.mark.parametrize("policy", ["suzhou-2017", "care.json"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_tables_and_dossiers_give_the_same_answers(tmp_path: Path, kind: str, policy: str) -> None:
    chance = random.Random(7)
    dossiers = {f"机构{number}": varied(number, chance) for number in range(1, 46)}
    (tmp_path / "list.csv").write_text(f"{COLUMNS}第3社会工作服务社,,,,2016-01-01,,,\n", "utf-8")
    chosen = care_policy(tmp_path / policy) if policy.endswith(".json") else policy
    options = [*DAY, "--policy", str(chosen), "--credit-list", f"tax-serious={tmp_path / 'list.csv'}"]
    lines = tmp_path / "all.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in dossiers.values()), "utf-8")
    expected = [json.loads(text) for text in run(lines, *options).stdout.splitlines()]
    out = tmp_path / "verdicts.parquet"
    done = run(*tables(tmp_path, dossiers, kind), *options, "--out", out)
    assert done.exit_code == 0
    assert "retrievedAtAssumed" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("screened 45 of 45: ")
    rows = polars.read_parquet(out).partition_by("organizationId", maintain_order=True)
    assert [part["organizationId"][0] for part in rows] == list(dossiers)
    for answer, part in zip(expected, rows, strict=True):
        *requirements, verdict = part.to_dicts()
        assert [
            (row["requirement"], row["outcome"], row["observed"], row["doubtful"], row["required"], row["reasonCodes"])
            for row in requirements
        ] == [
            (
                one["id"],
                one["outcome"],
                one["observed"],
                one["doubtful"],
                one["required"],
                [why["code"] for why in one["reasons"]],
            )
            for one in answer["requirements"]
        ]
        assert (verdict["requirement"], verdict["outcome"], verdict["score"]) == (
            None,
            answer["verdict"],
            float(answer["score"]),
        )


def test_days_and_flags_have_types_of_their_own_in_parquet(tmp_path: Path) -> None:
    data = dossier()
    options = tables(tmp_path, {"A": data}, "parquet")
    file = tmp_path / "organizations.parquet"
    table = polars.read_parquet(file).with_columns(
        registrationValidTo=polars.lit(date(2019, 2, 28)),
        registrationOpenEnded=polars.lit(value=False),
        formerNames=["甲"],
    )
    table.with_columns(polars.col("formerNames").reshape((-1, 1)).arr.to_list()).write_parquet(file)
    answer = json.loads(run(*options, *DAY).stdout)
    assert {one["id"]: one["outcome"] for one in answer["requirements"]}["registration_valid"] == "met"


def test_a_row_that_cannot_be_read_is_one_bidder_less(tmp_path: Path) -> None:
    bad = dossier(2, first=100)
    bad["roster"][3]["contractFrom"] = "2016-02-30"
    out = tmp_path / "verdicts.parquet"
    assert run(*tables(tmp_path, {"A": dossier(), "B": bad}, "csv"), *DAY, "--out", out).exit_code == 3
    row = polars.read_parquet(out).to_dicts()[-1]
    assert (row["organizationId"], row["outcome"], row["errorPointer"]) == ("B", "error", "/roster/3/contractFrom")


def test_certificates_of_nobody_are_told(tmp_path: Path) -> None:
    options = tables(tmp_path, {"A": dossier()}, "csv")
    with (tmp_path / "certificates.csv").open("a", encoding="utf-8") as file:
        stray = dict.fromkeys(polars.read_csv(tmp_path / "certificates.csv").columns, "")
        for person in ("", "320508198501019999"):
            file.write(",".join({**stray, "organizationId": "A", "residentId": person}.values()) + "\n")
    done = run(*options, *DAY)
    assert done.exit_code == 0
    assert "certificates.csv: 2 rows match no line of their organization's roster" in done.stderr
    assert "320508198501019999" not in done.stderr


def test_folders_may_be_answered_as_a_table_too(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(dossier()), "utf-8")
    assert run(tmp_path / "one.json", *DAY, "--out", tmp_path / "v.parquet").exit_code == 0
    assert polars.read_parquet(tmp_path / "v.parquet").height == 11


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("roster", "organizationId,name\nB,王\n"),
        ("roster", "organizationId,salary\nA,1\n"),
        ("roster", "organizationId,name\n,王\n"),
        ("roster", "name\n王\n"),
        ("roster", ""),
        ("roster", "organizationId,name\nA,王,1\n"),
        ("organizations", "organizationId,name\nA,王\nA,李\n"),
        ("organizations", "PAR1"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, name: str, text: str) -> None:
    options = tables(tmp_path, {"A": dossier()}, "csv")
    (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    done = run(*options, *DAY)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{name}.csv" in done.stderr
    assert "王" not in done.stderr


def test_paths_or_tables(tmp_path: Path) -> None:
    options = tables(tmp_path, {"A": dossier()}, "csv")
    for args in (
        ["--organizations", tmp_path, "--roster", tmp_path],
        options[:2],
        options[2:],
        [*options, tmp_path],
        [*options, "--assurance", "documented"],
        [],
    ):
        assert run(*args, *DAY).exit_code == 2
