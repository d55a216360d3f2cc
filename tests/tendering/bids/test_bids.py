"""Bids recorded after the opening: one for each lot and organization, bounded, decided by an officer."""

import threading

import pytest

from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from tests.making.procedure import Procedure, done, refusal


@pytest.fixture
def tender(client):
    return Procedure(client).qualification()


def test_a_bid_is_recorded_once_and_read_back(client, tender):
    organization = tender.organization()
    answer = tender.record_bid(organization, "980000.5", deduction="0.1")
    made = done(answer)
    assert answer.headers["location"].endswith(made["id"])
    read = tender.officer.get(f"{tender.url}/bids/{made['id']}")
    assert read.json() == made
    assert read.headers["etag"] == f'"{made["version"]}"' == answer.headers["etag"]
    assert (made["price"], made["deduction"], made["state"]) == ("980000.50", "0.1", "opened")
    assert refusal(tender.record_bid(organization)) == (409, "bid_exists")
    assert [bid["id"] for bid in done(tender.officer.get(f"{tender.url}/bids"))["items"]] == [made["id"]]


def test_bids_are_recorded_after_the_opening_only(client):
    tender = Procedure(client)
    organization = tender.organization()
    assert refusal(tender.record_bid(organization)) == (409, "wrong_phase")
    tender.qualification()
    done(tender.record_bid(organization))
    tender.evaluation()
    assert refusal(tender.record_bid(tender.organization())) == (409, "wrong_phase")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"price": "1" + "0" * 400}, "/price"),
        ({"price": "NaN"}, "/price"),
        ({"price": "Infinity"}, "/price"),
        ({"price": "1e6"}, "/price"),
        ({"price": "-1.00"}, "/price"),
        ({"price": 980000}, "/price"),
        ({"price": 980000.55}, "/price"),
        ({"price": "980000.001"}, "/price"),
        ({"price": "９８００００"}, "/price"),
        ({"deduction": "1"}, "/deduction"),
        ({"deduction": "-0.1"}, "/deduction"),
        ({"deduction": "0.1234567"}, "/deduction"),
        ({"offered": "NaN"}, "/offered"),
        ({"offered": "1" + "0" * 400}, "/offered"),
        ({"lotId": "a\u0000"}, "/lotId"),
        ({"organizationId": "\ud800"}, "/organizationId"),
        ({"surprise": 1}, "/surprise"),
    ],
)
@pytest.mark.sqlite_only
def test_what_is_no_bid_is_refused_with_its_place(tender, change, pointer):
    answer = tender.record_bid(tender.organization(), **change) if "organizationId" not in change else None
    if answer is None:
        answer = tender.officer.post(
            f"{tender.url}/bids",
            content=f'{{"lotId": "{tender.lot}", "organizationId": "\\ud800", "price": null}}',
            headers={"Content-Type": "application/json"},
        )
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.sqlite_only
def test_numbers_without_end_in_json_are_refused(tender):
    organization = tender.organization()
    for price in ("NaN", "1e400", "1" + "0" * 400, "-Infinity"):
        answer = tender.officer.post(
            f"{tender.url}/bids",
            content=f'{{"lotId": "{tender.lot}", "organizationId": "{organization}", "price": {price}}}',
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 422, price


def test_lot_and_organization_must_be_there(client, tender):
    other = Procedure(client).lot
    assert refusal(tender.record_bid(tender.organization(), lot=other)) == (
        422,
        "invalid_input",
        ("unknown_lot", "/lotId"),
    )
    assert refusal(tender.record_bid(new_id("org"))) == (
        422,
        "invalid_input",
        ("unknown_organization", "/organizationId"),
    )
    assert tender.officer.get(f"/api/v1/tenders/{new_id('ten')}/bids").status_code == 404


def test_a_bid_is_judged_on_a_ground_and_its_price_put_right(tender):
    bid = tender.bid()
    address = f"{tender.url}/bids/{bid['id']}"
    change = {"state": "invalid", "ground": "signature", "reason": "投标函未加盖公章"}
    assert refusal(tender.officer.patch(address, json=change)) == (428, "precondition_required")
    etag = {"If-Match": f'"{bid["version"]}"'}
    changed = done(tender.officer.patch(address, json=change, headers=etag))
    assert (changed["state"], changed["ground"], changed["reason"]) == ("invalid", "signature", "投标函未加盖公章")
    assert refusal(tender.officer.patch(address, json=change, headers=etag)) == (412, "precondition_failed")
    etag = {"If-Match": f'"{changed["version"]}"'}
    price = {"price": "979000.00", "reason": "以开标一览表为准"}
    assert done(tender.officer.patch(address, json=price, headers=etag))["price"] == "979000.00"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "invalid", "reason": "a"},
        {"state": "valid", "ground": "bond", "reason": "a"},
        {"state": "invalid", "ground": "qualification", "reason": "a"},
        {"reason": "a"},
        {"state": "valid"},
        {"state": "sealed", "reason": "a"},
    ],
)
@pytest.mark.sqlite_only
def test_a_judgement_needs_ground_and_reason(tender, change):
    bid = tender.bid()
    answer = tender.officer.patch(f"{tender.url}/bids/{bid['id']}", json=change, headers={"If-Match": '"1"'})
    assert answer.status_code == 422


def test_a_bidder_sees_its_own_bids_only(client, tender):
    mine, theirs = tender.bid(), tender.bid()
    bidder = client.as_(Role.BIDDER, organization_id=mine["organizationId"])
    assert [bid["id"] for bid in done(bidder.get(f"{tender.url}/bids"))["items"]] == [mine["id"]]
    assert bidder.get(f"{tender.url}/bids/{mine['id']}").status_code == 200
    assert bidder.get(f"{tender.url}/bids/{theirs['id']}").status_code == 404
    assert bidder.post(f"{tender.url}/bids", json={}).status_code == 403


def test_a_bid_of_another_tender_is_not_here(client, tender):
    other = Procedure(client).qualification()
    assert tender.officer.get(f"{tender.url}/bids/{other.bid()['id']}").status_code == 404


def test_bids_are_paged(tender):
    ids = [tender.bid()["id"] for _ in range(5)]
    first = done(tender.officer.get(f"{tender.url}/bids?limit=2"))
    rest = done(tender.officer.get(f"{tender.url}/bids?limit=3&cursor={first['nextCursor']}"))
    assert [bid["id"] for bid in first["items"] + rest["items"]] == ids
    assert done(tender.officer.get(f"{tender.url}/bids?lotId={tender.lot}&limit=5"))["nextCursor"] is None


def test_the_same_bid_sent_at_once_is_recorded_once(client, tender):
    organization, answers = tender.organization(), []
    threads = [threading.Thread(target=lambda: answers.append(tender.record_bid(organization))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(done(tender.officer.get(f"{tender.url}/bids"))["items"]) == 1


def test_a_bid_sent_twice_under_one_key_is_answered_twice_alike(tender):
    body = {"lotId": tender.lot, "organizationId": tender.organization(), "price": "980000.00"}
    key = {"Idempotency-Key": "bid-1"}
    first, second = (tender.officer.post(f"{tender.url}/bids", json=body, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())


def test_each_change_leaves_one_event_in_the_tenders_trail(client, tender):
    bid = tender.bid()
    tender.officer.patch(
        f"{tender.url}/bids/{bid['id']}",
        json={"state": "valid", "reason": "符合"},
        headers={"If-Match": f'"{bid["version"]}"'},
    )
    events = done(client.as_(Role.AUDITOR).get("/api/v1/audit?limit=200"))["items"]
    ours = [event for event in events if event["subjectId"] == bid["id"]]
    assert [event["event"] for event in ours] == [Event.OFFICER_BID_RECORD, Event.OFFICER_BID_CHANGE]
    assert {event["chain"] for event in ours} == {tender.id}
