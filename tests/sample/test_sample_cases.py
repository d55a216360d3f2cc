"""Each planted case is in the data, counted without the code that decides."""

import csv
import io
import json
from collections import Counter
from decimal import Decimal
from importlib import resources

import pytest
import yaml
from stdnum.cn import ric, uscc

from app.sample.data.agencies import Agency
from app.sample.data.bids import bids, bids_record, ranking_input
from app.sample.data.credit import COLUMNS, LISTS
from app.sample.data.decisions import QUALIFIED
from app.sample.data.tender import AS_OF, LOTS, MEMBERS, POLICY, SCHEME, tender_record
from app.sample.write import Sample


@pytest.fixture(scope="session")
def by_folder(sample: Sample) -> dict[str, Agency]:
    return {agency.folder: agency for agency in sample.agencies}


def workers(agency: Agency) -> int:
    return sum(line.certificate is not None and line.certificate.level != "local" for line in agency.full_time)


def listed(sample: Sample, code: str | None) -> list[tuple[str, dict[str, str]]]:
    return [
        (name, row)
        for name in LISTS
        for row in csv.DictReader(io.StringIO(sample.credit_list(name).decode()))
        if row["uscc"] == code
    ]


def total(bid_id: str) -> Decimal:
    bid = next(bid for bid in bids() if bid.id == bid_id)
    lowest = min(
        other.price
        for other in bids()
        if other.lot == bid.lot and other.bidder in QUALIFIED and other.price <= 1_000_000
    )
    sheets = next(entry["scores"] for lot in bids_record()["lots"] for entry in lot["bids"] if entry["id"] == bid_id)
    expert = sum(Decimal(points) for sheet in sheets.values() for points in sheet.values()) / len(MEMBERS)
    return (lowest / bid.price * 10).quantize(Decimal("0.01")) + expert


def test_nine_lots_of_a_million() -> None:
    assert len(tender_record()["lots"]) == 9
    assert {lot.ceiling for lot in LOTS} == {Decimal(1_000_000)}
    assert len({lot.name for lot in LOTS}) == 9


def test_fourteen_bidders_with_codes_that_are_right_and_their_own(sample: Sample) -> None:
    codes = [agency.bidder.registration.code for agency in sample.agencies]
    assert len(codes) == 14
    given = [code for code in codes if code]
    assert len(set(given)) == len(given) == 13
    assert all(uscc.is_valid(code) for code in given)
    assert {code[:2] for code in given} == {"51", "52", "53"}


def test_people_are_one_each_and_their_ids_right(sample: Sample) -> None:
    people = [line.person for agency in sample.agencies for line in agency.lines]
    people += [person for agency in sample.agencies for person in (agency.representative, agency.contact)]
    assert all(ric.is_valid(person.resident_id) for person in people)
    assert all(int(person.resident_id[16]) % 2 == (person.sex == "男") for person in people)
    twice = [key for key, count in Counter(person.resident_id for person in people).items() if count > 1]
    assert len(twice) == 1


def test_certificate_numbers_have_eighteen_digits_and_one_holder(sample: Sample) -> None:
    holders = {
        (line.certificate.number, line.person.resident_id)
        for agency in sample.agencies
        for line in agency.lines
        if line.certificate
    }
    assert all(len(number) == 18 and number.isdigit() for number, _ in holders)
    assert len({number for number, _ in holders}) == len(holders)


def test_staff_numbers(by_folder: dict[str, Agency]) -> None:
    assert len(by_folder["shiqiao"].full_time) == 7
    assert workers(by_folder["shiqiao"]) >= 4
    assert workers(by_folder["liuting"]) == 3
    assert len(by_folder["liuting"].full_time) >= 8
    for folder in by_folder.keys() - {"shiqiao", "liuting"}:
        assert len(by_folder[folder].full_time) >= 8
        assert workers(by_folder[folder]) >= 4


def test_full_time_staff_are_under_contract_and_insured_until_april(sample: Sample) -> None:
    for agency in sample.agencies:
        for line in agency.full_time:
            assert line.contract_from < AS_OF
            assert line.contract_to is None or line.contract_to >= AS_OF
            assert line.insured_from <= "2026-02" < "2026-04" <= line.insured_to
            assert line.payer == agency.bidder.name


def test_one_registration_is_over(sample: Sample) -> None:
    over = [a.folder for a in sample.agencies if not a.bidder.registration.valid_to >= AS_OF]
    assert over == ["fengqi"]
    assert all(a.bidder.registration.valid_from <= AS_OF for a in sample.agencies)


def test_one_is_filed_with_a_street_only(sample: Sample) -> None:
    records = {a.folder: json.loads(sample.dossier(a.folder)["dossier.json"])["organization"] for a in sample.agencies}
    filed = [folder for folder, record in records.items() if record["registration"]["kind"] == "filed"]
    assert filed == ["fengli"]
    assert "街道" in records["fengli"]["registration"]["authority"]
    assert records["fengli"]["identifier"]["id"] is None


def test_one_is_barred_and_one_was(sample: Sample, by_folder: dict[str, Agency]) -> None:
    hits = {
        folder: listed(sample, agency.bidder.registration.code)
        for folder, agency in by_folder.items()
        if agency.bidder.registration.code
    }
    assert {folder for folder, found in hits.items() if found} == {"yinqiao", "yinghu"}
    ((_, barred),) = hits["yinqiao"]
    assert barred["from"] <= AS_OF.isoformat() <= barred["to"]
    ((_, was),) = hits["yinghu"]
    assert was["to"] == "2025-06-30"


def test_lists_have_the_columns_of_an_import_and_valid_codes(sample: Sample) -> None:
    for name in LISTS:
        rows = list(csv.DictReader(io.StringIO(sample.credit_list(name).decode())))
        assert rows
        assert tuple(rows[0]) == COLUMNS
        assert all(uscc.is_valid(row["uscc"]) for row in rows)
        assert {row["kind"] for row in rows} == {"warning" if name == "social-abnormal" else "barring"}


def test_one_worker_stands_on_two_rosters_and_on_one_proof(by_folder: dict[str, Agency]) -> None:
    holder, borrower = by_folder["lingtang"], by_folder["lupu"]
    shared = {line.person.resident_id for line in holder.lines} & {line.person.resident_id for line in borrower.lines}
    assert len(shared) == 1
    assert [line.proven for line in holder.lines if line.person.resident_id in shared] == [True]
    assert [line.proven for line in borrower.lines if line.person.resident_id in shared] == [False]
    assert len(holder.full_time) == len(borrower.full_time) == 8


def test_one_certificate_names_another_organization(sample: Sample) -> None:
    other = [a for a in sample.agencies if a.bidder.certificate_names]
    assert [a.folder for a in other] == ["liudu"]
    assert other[0].bidder.certificate_names != other[0].bidder.name


def test_every_bid_is_of_a_bidder_once_a_lot(by_folder: dict[str, Agency]) -> None:
    assert {bid.bidder for bid in bids()} == set(by_folder)
    assert max(Counter((bid.lot, bid.bidder) for bid in bids()).values()) == 1


def test_one_bid_is_over_the_ceiling() -> None:
    assert [bid.id for bid in bids() if bid.price > 1_000_000] == ["lot-5-lanting"]


def test_one_lot_has_two_qualified_bidders_and_the_others_three_or_more() -> None:
    left = {
        lot.id: sum(bid.lot == lot.id and bid.bidder in QUALIFIED and bid.price <= lot.ceiling for bid in bids())
        for lot in LOTS
    }
    assert left.pop("lot-9") == 2
    assert min(left.values()) >= 3
    assert sum(bid.lot == "lot-9" for bid in bids()) >= 3


def test_a_tie_on_total_and_one_on_total_and_price() -> None:
    assert total("lot-7-lanting") == total("lot-7-puwan") == Decimal("92.00")
    assert total("lot-8-chengxi") == total("lot-8-tonghe")
    prices = {bid.id: bid.price for bid in bids()}
    assert prices["lot-7-lanting"] < prices["lot-7-puwan"]
    assert prices["lot-8-chengxi"] == prices["lot-8-tonghe"]


def test_score_sheets_keep_to_the_scheme() -> None:
    for lot in LOTS:
        for entry in ranking_input(lot.id, dict.fromkeys({bid.bidder for bid in bids()}, True))["bids"]:
            assert tuple(entry["scores"]) == MEMBERS
            for factor in SCHEME.factors:
                given = [Decimal(sheet[factor.id]) for sheet in entry["scores"].values()]
                assert all(0 <= points <= factor.points for points in given)
                assert (len(set(given)) == 1) is factor.objective


def test_each_expert_mean_is_the_one_planned() -> None:
    scores = {entry["id"]: entry["scores"] for lot in bids_record()["lots"] for entry in lot["bids"]}
    for bid in bids():
        given = sum(Decimal(points) for sheet in scores[bid.id].values() for points in sheet.values())
        assert given == bid.expert * len(MEMBERS)


def test_lots_and_scheme_are_those_of_the_preset() -> None:
    preset = yaml.safe_load(
        resources.files("app.tendering.policies").joinpath(f"{POLICY}.yaml").read_text(encoding="utf-8")
    )
    tender = preset["tender"]
    assert [(lot["id"], lot["name"], lot["district"], Decimal(lot["value"])) for lot in tender["lots"]] == [
        (lot.id, lot.name, lot.district, lot.ceiling) for lot in LOTS
    ]
    ours = SCHEME.record()
    assert tender["scheme"]["price"] == ours["price"]
    assert [{key: value for key, value in f.items() if key != "title"} for f in tender["scheme"]["factors"]] == ours[
        "factors"
    ]
    assert [entry["name"] for entry in preset["credit"]["lists"]] == list(LISTS)
    assert preset["inForce"]["from"] <= AS_OF
