"""The demo as a newcomer runs it; its decisions are then read from the service on the same data."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import openpyxl
import pytest
from jsonschema import Draft202012Validator

from app.awarding.evaluation.ranking_json import preview
from app.sample.data.bids import bids, ranking_input
from app.sample.data.decisions import QUALIFIED
from app.sample.data.organizations import BIDDERS
from app.sample.data.tender import LOTS
from app.sample.demo.client import DemoClient
from app.sample.demo.service import DemoFailed, fresh_directory, serving
from tests.making.demo_run import RUN, Ran, demo_run
from tests.sample.test_sample_verdicts import VERDICTS

FOLDERS = {bidder.name: bidder.folder for bidder in BIDDERS}
PROPOSED = {"湖西社工委": "yinghu"}  # as in the scenario, before the winner dropped out
WINNERS = {
    "苏锦街道": "chengxi",
    "虎丘街道": "chengxi",
    "白洋湾街道": "lingtang",  # chengxi ranks first and has its two lots
    "胜浦街道": "yinghu",
    "湖西社工委": "lingtang",  # yinghu gave it up; chengxi, the next, has its two lots
    "湖东社工委": "kunyue",
    "浒墅关镇": "lanting",  # ties with puwan on the total, asks less
    "浒墅关开发区": "tonghe",  # ties with chengxi on total and price; chengxi has its two lots
    "东渚镇": None,  # two qualified bidders
}


@pytest.fixture(scope="module")
def ran(shared_directory: Path) -> Ran:
    return demo_run(shared_directory)


@dataclass(frozen=True)
class Served:
    """The demo's data behind a restarted service, as `make serve` does."""

    client: DemoClient
    tender: str
    lots: dict[str, dict]
    bids: dict[str, dict]

    def folder(self, bid: str) -> str:
        return FOLDERS[self.bids[bid]["organizationName"]]


@pytest.fixture(scope="module")
def served(ran: Ran) -> Iterator[Served]:
    key = (ran.folder / "demo.key").read_text().strip()
    with (
        serving(ran.folder / "data", ran.folder / f"again-{os.getpid()}.log") as address,
        DemoClient(address, key) as client,
    ):
        (tender,) = client.items("/tenders")
        url = f"/tenders/{tender['id']}"
        yield Served(
            client,
            url,
            {lot["name"]: lot for lot in client.items(f"{url}/lots")},
            {bid["id"]: bid for bid in client.items(f"{url}/bids")},
        )


def test_it_keeps_the_key_to_its_owner(ran: Ran) -> None:
    key = ran.folder / "demo.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert ran.progress.count(key.read_text().strip()) == 1
    assert key.read_text().strip() not in ran.printed


def test_each_role_has_an_account_for_the_console(ran: Ran) -> None:
    file = ran.folder / "accounts.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    accounts = [line.split() for line in file.read_text("utf-8").splitlines()]
    assert {role for role, _, _ in accounts} == {"officer", "evaluator", "bidder", "auditor", "admin"}
    assert "http://127.0.0.1:8000/console/login" in ran.printed
    assert file.read_text("utf-8").strip() in ran.printed
    with serving(ran.folder / "data", ran.folder / "accounts.log") as address:
        for role, login, password in accounts:
            entered = httpx2.post(f"{address}/api/v1/sessions", json={"login": login, "password": password}, timeout=60)
            assert (entered.status_code, entered.json()["stage"]) == (201, "full"), role


def test_what_is_printed_names_everybody_and_every_lot(ran: Ran) -> None:
    for name in (*FOLDERS, *(lot.name for lot in LOTS)):
        assert name in ran.printed
    for words in (
        "合格投标人不足三家，该单元废标",
        "报价超过最高限价",
        "总分相同，报价低者在前",
        "报价明显偏低，须书面说明",
    ):
        assert words in ran.printed


def test_verdicts_are_the_planted_ones(served: Served) -> None:
    found = {
        FOLDERS[served.client.get(f"/screenings/{one['id']}")["organization"]["name"]]: one["verdict"]
        for one in served.client.items("/screenings", tenderId=served.tender.rsplit("/", 1)[-1])
    }
    assert found == VERDICTS["documented"]


def test_each_bid_has_a_decision_and_what_needed_review_its_reason(served: Served) -> None:
    decided = list(served.client.items(f"{served.tender}/qualifications"))
    assert len(decided) == len(served.bids) == len(bids())
    for one in decided:
        folder = served.folder(one["bid"])
        assert one["state"] == ("active" if folder in QUALIFIED else "unsuccessful")
        assert one["overruled"] is False
        assert (one["proposal"] == "needs_review") <= bool(one["reason"])
    asked = {served.folder(one["bidId"]): one for one in served.client.items(f"{served.tender}/clarifications")}
    assert {folder: one["about"] for folder, one in asked.items()} == {"lupu": "requirement", "kunyue": "low_price"}
    assert all(one["answer"] for one in asked.values())


def test_rankings_are_those_of_the_same_bids_without_a_service(served: Served) -> None:
    for lot in LOTS:
        ranking = served.client.get(f"/lots/{served.lots[lot.name]['id']}/ranking")
        expected = preview(ranking_input(lot.id, {bid.bidder: bid.bidder in QUALIFIED for bid in bids()}))
        told = [(row["rank"], served.folder(row["bid"]), row["total"], row["decidedBy"]) for row in ranking["rows"]]
        assert told == [
            (row["rank"], row["bid"].removeprefix(f"{lot.id}-"), row["total"], row["decidedBy"])
            for row in expected["rows"]
        ]
        assert ranking["status"] == expected["status"]
        out = {(served.folder(one["bid"]), one["code"]) for one in ranking["excluded"]}
        assert out == {(one["bid"].removeprefix(f"{lot.id}-"), one["code"]) for one in expected["excluded"]}
        assert served.client.post(f"/rankings/{ranking['id']}/replay")["identical"] is True


def test_planted_ties_and_the_lot_that_failed(served: Served) -> None:
    def rows(name: str) -> list[tuple[int, str, str]]:
        ranking = served.client.get(f"/lots/{served.lots[name]['id']}/ranking")
        return [(row["rank"], served.folder(row["bid"]), row["decidedBy"]) for row in ranking["rows"]]

    assert rows("浒墅关镇")[:2] == [(1, "lanting", "price"), (2, "puwan", "price")]
    assert rows("浒墅关开发区")[:2] == [(1, "chengxi", "technical"), (2, "tonghe", "technical")]
    assert rows("东渚镇") == []


def test_awards_follow_the_published_rule(served: Served) -> None:
    names = {lot["id"]: name for name, lot in served.lots.items()}
    awards = [one for one in served.client.items(f"{served.tender}/awards") if one["state"] != "cancelled"]
    won = {names[one["lotId"]]: served.folder(one["bid"]) if one["bid"] else None for one in awards}
    assert won == WINNERS
    scenarios = list(served.client.items(f"{served.tender}/award-scenarios"))
    assert {(one["rule"], one["published"]) for one in scenarios} == {("sequential", True)}
    assert served.lots["东渚镇"]["state"] == "unsuccessful"


def test_the_bids_were_sealed_and_the_opening_proves_itself(ran: Ran, served: Served) -> None:
    opening = served.client.get(f"{served.tender}/opening")
    assert len(opening["record"]) == len(bids()) and opening["failedLots"] == []
    file = ran.folder / "opening.json"
    file.write_text(json.dumps(opening))
    proven = subprocess.run([*RUN, "keys", "verify", str(file)], capture_output=True, text=True, check=False)
    assert proven.returncode == 0, proven.stdout + proven.stderr
    (lead,) = served.client.items(f"{served.tender}/flags", strength="fact")
    assert (lead["code"], lead["state"]) == ("same_person_two_bidders", "confirmed")


def test_the_contracts_went_their_way(served: Served) -> None:
    tender = served.client.get(served.tender)
    assert tender["state"] == "complete"
    contracts = {one["lotId"]: one for one in served.client.items("/contracts")}
    states = {name: contracts[lot["id"]]["state"] for name, lot in served.lots.items() if lot["id"] in contracts}
    won = {name for name, folder in WINNERS.items() if folder}
    assert states == {name: "terminated" if name == "浒墅关镇" else "active" for name in won}
    (question,) = served.client.items(f"{served.tender}/questions")
    (complaint,) = served.client.items(f"{served.tender}/complaints")
    assert (question["state"], complaint["state"]) == ("rejected", "rejected")
    proposals = {(one["consequence"], one["state"]) for one in served.client.items("/contracts/lateness-proposals")}
    assert proposals == {
        ("points_off_and_bad_record", "accepted"),
        ("points_off_and_bad_record", "dismissed"),
        ("reduce_or_terminate", "accepted"),
    }


def test_the_progress_tells_the_procedure_in_order(ran: Ran) -> None:
    days = [line[:16] for line in ran.progress.splitlines() if line.startswith("2026-")]
    assert len(days) >= 30 and days == sorted(days)


def test_every_screening_replays(served: Served) -> None:
    for one in served.client.items("/screenings", tenderId=served.tender.rsplit("/", 1)[-1]):
        assert served.client.post(f"/screenings/{one['id']}/replay")["identical"] is True


def test_the_workbook_holds_it_all(ran: Ran) -> None:
    book = openpyxl.load_workbook(ran.folder / "report.xlsx")
    assert book.sheetnames == ["资格筛查", "理由", "人员", "排名", "中标建议"]
    matrix = [row[1].value for row in book["资格筛查"].iter_rows(min_row=2)]
    assert sorted(matrix) == sorted(FOLDERS)
    awards = {row[0].value: row[1].value for row in book["中标建议"].iter_rows(min_row=2)}
    assert {name: FOLDERS.get(winner) for name, winner in awards.items()} == {**WINNERS, **PROPOSED}
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [text for text in cells if len(text) == 18 and text[:17].isdigit() and text[6:8] in ("19", "20")]


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "bidscreen.db").write_bytes(b"real data")
    with pytest.raises(DemoFailed):
        fresh_directory(data)
    assert (data / "bidscreen.db").read_bytes() == b"real data"


def test_stored_answers_have_the_shapes_that_the_document_states(served: Served) -> None:
    """Results, notices, jobs, records and policies pass as they are stored; the document describes each member."""
    document = served.client.get("/openapi.json")
    url, screenings = served.tender, list(served.client.items("/screenings"))
    documents = list(served.client.items("/documents"))
    read = [one["id"] for one in documents if one["state"] in ("extracted", "needs_review")][:60]
    answers = {
        "ScreeningResult": [served.client.get(f"/screenings/{one['id']}") for one in screenings],
        "NoticeOut": list(served.client.items(f"{url}/notices")),
        "JobOut": list(served.client.items("/jobs")),
        "TenderOut": [served.client.get(url)],
        "PolicyOut": [served.client.get(f"{url}/policy")],
        "PresetDocumentOut": [served.client.get(f"/policies/{name}") for name in ("suzhou-2017", "elderly-care")],
        "ExtractionOut": [row for one in read for row in served.client.items(f"/documents/{one}/extractions")],
        "DossierPart": [served.client.get(f"/organizations/{one['organizationId']}/dossier") for one in screenings],
        "FlagOut": list(served.client.items(f"{url}/flags")),
        "OcdsRecordPackage": [served.client.get(f"{url}/exports/ocds")],
    }
    for name, shown in answers.items():
        shape = Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})
        assert shown, name
        assert [error.message[:300] for one in shown for error in shape.iter_errors(one)] == [], name
    results = answers["ScreeningResult"]
    evidence = [one for result in results for row in result["requirements"] for one in row["evidence"]]
    assert {"entry", "query", "page", "assurance"} <= {key for one in evidence for key in one}
