"""A tender as open data: valid OCDS 1.1, nothing disclosed early, no personal data."""

import copy
import json

import pytest

from app.awarding.ocds.schemas import OcdsRecordPackage
from app.platform.access.roles import Role
from tests.awarding.ocds.ocds_schema import FOLDER, RECORD, RELEASE, errors, package_errors
from tests.conftest import Api
from tests.making.procedure import done, refusal
from tests.making.sealed import DEADLINE, Sealed, with_clock

PROMISE = {"classes": ["基础"], "heads": 60}
official = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the official OCDS schemas are not at {FOLDER}")


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


def export(tender, package="record"):
    return tender.officer.get(f"{tender.url}/exports/ocds", params={"package": package})


def record(tender):
    return done(export(tender))["records"][0]


def amended(tender, text="第二包服务期限改为十个月"):
    body = {"text": text, "affectsBids": False}
    return done(tender.officer.post(f"{tender.url}/amendments", json=body))


def whole(api):
    """A tender from an amendment to a signed contract with one milestone reached."""
    tender = Sealed(api)
    amended(tender)
    tender.bidders = tender.decided()
    done(tender.officer.post(f"{tender.url}/award-notices"))
    body = {"tenderId": tender.id, "award": tender.awards[0]["id"], "promise": PROMISE, "teamFormedBy": "2026-06-30",
            "stationedBy": "2026-07-05"}  # fmt: skip
    made = tender.officer.post("/api/v1/contracts", json=body)
    tag = {"If-Match": made.headers["etag"]}
    url = f"/api/v1/contracts/{done(made)['id']}"
    done(tender.officer.post(f"{url}/signature", json={"signedOn": "2026-05-20"}, headers=tag))
    return tender


@official
@pytest.mark.parametrize("package", ["record", "release"])
def test_the_packages_of_a_whole_tender_are_valid(api, package):
    exported = done(export(whole(api), package))
    releases = exported["releases"] if package == "release" else exported["records"][0]["releases"]
    assert package_errors(exported, RELEASE if package == "release" else RECORD) == []
    for release in [*releases, *([exported["records"][0]["compiledRelease"]] if package == "record" else [])]:
        assert errors(release) == []


@official
def test_the_validation_finds_what_it_is_for(api):
    release = record(whole(api))["compiledRelease"]
    for spoil, expected in (
        (lambda one: one["tender"].update(status="open"), "open"),
        (lambda one: one["bids"]["details"][0].update(status="good"), "good"),
        (lambda one: one["tender"].update(secret="x"), "secret"),
        (lambda one: one.pop("ocid"), "ocid"),
        (lambda one: one["awards"][0].update(date="yesterday"), "yesterday"),
    ):
        broken = copy.deepcopy(release)
        spoil(broken)
        assert any(expected in error for error in errors(broken)), expected


def test_our_own_models_hold_the_shape(api):
    exported = done(export(whole(api)))
    assert json.loads(OcdsRecordPackage.model_validate(exported).model_dump_json()) == exported


def test_nobody_learns_of_a_bid_before_the_opening(api):
    tender = Sealed(api)
    done(tender.bidder("苏州市甲乙社会工作服务社").submit(price="950000.00"))
    said = export(tender).text
    assert '"bids"' not in said and "950000" not in said and "甲乙" not in said and "numberOfTenderers" not in said


def test_bids_are_pending_until_the_result_is_announced(api):
    tender = Sealed(api)
    tender.decided()
    before = record(tender)["compiledRelease"]
    assert {bid["status"] for bid in before["bids"]["details"]} == {"pending"}
    assert "awards" not in before
    done(tender.officer.post(f"{tender.url}/award-notices"))
    after = record(tender)["compiledRelease"]
    assert {bid["status"] for bid in after["bids"]["details"]} == {"valid"}
    assert [award["status"] for award in after["awards"]] == ["active"]
    won = after["awards"][0]["suppliers"][0]["id"]
    assert [party["roles"] for party in after["parties"] if party["id"] == won] == [["tenderer", "supplier"]]


def test_each_release_says_what_was_known_then(api):
    releases = record(whole(api))["releases"]
    assert [release["tag"] for release in releases] == [
        ["tender"],
        ["tenderAmendment"],
        ["tenderUpdate", "award", "contract"],
    ]
    call, amendment, present = releases
    assert "amendments" not in call["tender"] and "bids" not in call
    assert amendment["tender"]["amendments"][0]["amendsReleaseID"] == call["id"]
    assert amendment["tender"]["amendments"][0]["releaseID"] == amendment["id"]
    assert call["date"] <= amendment["date"] < present["date"]
    assert present["contracts"][0]["status"] == "active"


def test_the_statistics_agree_with_the_bids(api):
    bids = record(whole(api))["compiledRelease"]["bids"]
    figures = {one["measure"]: one["value"] for one in bids["statistics"]}
    amounts = [bid["value"]["amount"] for bid in bids["details"]]
    assert figures["bids"] == len(bids["details"]) == figures["validBids"]
    assert (figures["lowestValidBidValue"], figures["highestValidBidValue"]) == (min(amounts), max(amounts))


def test_the_same_state_gives_the_same_bytes(api):
    tender = whole(api)
    assert export(tender).content == export(tender).content


def test_a_draft_has_no_open_data(api):
    officer = api.as_(Role.OFFICER)
    draft = done(
        officer.post("/api/v1/tenders", json={"policy": "suzhou-current", "bidDeadline": DEADLINE.isoformat()})
    )
    answer = officer.get(f"/api/v1/tenders/{draft['id']}/exports/ocds")
    assert refusal(answer)[:2] == (409, "not_published")


def test_an_id_number_in_an_amendment_stays_masked(api):
    tender = Sealed(api)
    amended(tender, "联系人身份证 11010119900307109X")
    assert "11010119900307109X" not in export(tender).text
