"""The evidence of a result line: credit lists searched, hit or not; documents that support each countable person."""

import hashlib
import json
from datetime import date
from pathlib import Path

from typer.testing import CliRunner

from app.bidders.dossier_reader import check_dossier
from app.core.credit.credit_record import CreditFacts
from app.core.eligibility.screening import Assurance
from app.core.facts.dossier import NOTHING_SHARED
from app.entrypoints.cli.main import cli
from app.examination.screening.inputs import Inputs
from app.examination.screening.judging import judge
from app.tendering.policies.loader import preset
from tests.making.dossiers import dossier

LISTS = ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal")
HEADER = "name,uscc,former_names,kind,from,to,reason,document\n"
NAME = "苏州市东渡试验社会工作服务社"


def _line(folder: Path, rows: str, name: str = NAME) -> dict:
    data = dossier(1, name)
    data["organization"]["formerNames"] = ["苏州市 旧渡社"]
    (folder / "dossier.json").write_text(json.dumps(data), encoding="utf-8")
    args = ["screen", str(folder / "dossier.json"), "--as-of", "2017-05-31"]
    for one in LISTS:
        (folder / f"{one}.csv").write_text(HEADER + rows, encoding="utf-8")
        args += ["--credit-list", f"{one}={folder / one}.csv@2017-05-30"]
    answer = CliRunner().invoke(cli, args)
    return json.loads(answer.stdout)


def _credit(line: dict) -> list[dict]:
    return next(one["evidence"] for one in line["requirements"] if one["id"] == "credit_record")


def test_a_clear_record_cites_each_snapshot_and_the_query(tmp_path):
    rows = "某某服务社,,,barring,2016-01-01,,失信,1号\n乙服务社,,,barring,2016-01-01,,失信,2号\n"
    evidence = _credit(_line(tmp_path, rows))
    assert [one["list"] for one in evidence] == list(LISTS)
    digest = hashlib.sha256((HEADER + rows).encode()).hexdigest()
    code = dossier(1, NAME)["organization"]["identifier"]["id"]
    for one in evidence:
        assert (one["retrievedAt"], one["sha256"], one["rows"], one["found"]) == ("2017-05-30", digest, 2, 0)
        assert one["query"] == {"name": NAME, "uscc": code, "formerNames": ["苏州市旧渡社"]}


def test_what_was_found_follows_the_snapshot_it_was_found_in(tmp_path):
    evidence = _credit(_line(tmp_path, f"{NAME},,,barring,2016-01-01,,失信,1号\n"))
    assert len(evidence) == 2 * len(LISTS)
    assert [one.get("found") for one in evidence[:2]] == [1, None]
    assert evidence[1]["entry"]["name"] == NAME


def test_a_resident_id_in_the_query_is_masked(tmp_path):
    number = dossier(1, NAME)["roster"][0]["residentId"]
    assert number not in json.dumps(_line(tmp_path, "", NAME + number), ensure_ascii=False)


def _papers(data: dict) -> list[dict]:
    """Return extraction records of an insurance proof for all staff and a certificate for the first person."""
    rows = [
        {
            "name": line["name"], "residentId": line["residentId"], "from": "2016-01", "to": "2017-05",
            "page": 1, "box": [0.1, 0.1 + 0.05 * place, 0.9, 0.14 + 0.05 * place], "confidence": 1.0,
        }
        for place, line in enumerate(data["roster"])
    ]  # fmt: skip
    payer = {"field": "payer", "value": data["organization"]["name"], "page": 1, "box": None}
    proof = {"sha256": "a" * 64, "kind": "social_insurance", "fields": [payer], "rows": rows}
    first = data["roster"][0]
    held = first["certificates"][0]
    values = {
        "name": first["name"],
        "residentId": first["residentId"],
        "level": held["level"],
        "number": held["number"],
    }
    fields = [
        {"field": name, "value": value, "page": 2, "box": [0.2, 0.2, 0.4, 0.25], "method": "text", "confidence": 1.0}
        for name, value in values.items()
    ]
    certificate = {"sha256": "b" * 64, "kind": "social_worker_certificate", "fields": fields, "rows": []}
    return [proof, certificate]


def test_headcounts_cite_for_each_line_the_proof_and_the_certificate():
    data = dossier(1, NAME)
    inputs = Inputs(
        check_dossier(data), date(2017, 5, 31), Assurance.DOCUMENTED, CreditFacts(), NOTHING_SHARED, _papers(data)
    )
    line = json.loads(judge(inputs.case, preset("suzhou-current"), "d"))
    found = {one["id"]: one for one in line["requirements"]}
    heads = [one for one in found["full_time_staff"]["evidence"] if "document" in one]
    countable = [row["pointer"] for row in line["staff"] if row["fullTime"] == "countable"]
    assert [one["pointer"] for one in heads] == countable and len(countable) == 8
    assert all(one["document"] == "a" * 64 and one["page"] == 1 and len(one["box"]) == 4 for one in heads)
    workers = [one for one in found["social_workers"]["evidence"] if "document" in one]
    assert {(one["pointer"], one["document"][0], one["page"]) for one in workers} == {
        ("/roster/0", "a", 1),
        ("/roster/0", "b", 2),
    }


def test_declared_values_alone_cite_no_paper():
    data = dossier(1, NAME)
    inputs = Inputs(
        check_dossier(data), date(2017, 5, 31), Assurance.DECLARED, CreditFacts(), NOTHING_SHARED, _papers(data)
    )
    line = json.loads(judge(inputs.case, preset("suzhou-current"), "d"))
    assert all("document" not in one for answer in line["requirements"] for one in answer["evidence"])
