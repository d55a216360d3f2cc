"""The evidence of the credit record: every snapshot that was searched, with the query, hit or not."""

import hashlib
import json
from pathlib import Path

from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
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
