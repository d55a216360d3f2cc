"""A screening proposes, an officer decides: what needs a reason, and the effect on the bid."""

import threading

import pytest

from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from tests.making.procedure import Procedure, done, refusal

LOOKED = "已核对原件，登记证书系更名前所发"


@pytest.fixture
def tender(client):
    return Procedure(client).qualification()


def state_of(tender, bid):
    return done(tender.officer.get(f"{tender.url}/bids/{bid['id']}"))


@pytest.mark.parametrize(
    ("verdict", "state", "needs_reason", "overruled"),
    [
        ("eligible", "active", False, False),
        ("ineligible", "unsuccessful", False, False),
        ("needs_review", "active", True, False),
        ("needs_review", "unsuccessful", True, False),
        ("eligible", "unsuccessful", True, True),
        ("ineligible", "active", True, True),
    ],
)
def test_what_cannot_be_told_or_is_overruled_needs_a_reason(tender, verdict, state, needs_reason, overruled):
    bid = tender.bid()
    silent = tender.qualify(bid, state, verdict)
    if needs_reason:
        assert refusal(silent) == (422, "invalid_input", ("reason_missing", "/reason"))
        assert state_of(tender, bid)["state"] == "opened"
        silent = tender.qualify(bid, state, verdict, reason=LOOKED)
    made = done(silent)
    assert (made["proposal"], made["state"], made["overruled"]) == (verdict, state, overruled)
    assert made["decidedBy"] is not None
    after = state_of(tender, bid)
    expected = ("valid", None) if state == "active" else ("invalid", "qualification")
    assert (after["state"], after["ground"]) == expected


def test_one_decision_stands_until_it_is_cancelled(tender):
    bid = tender.bid()
    made = done(tender.qualify(bid))
    assert refusal(tender.qualify(bid)) == (409, "qualification_exists")
    address, etag = f"{tender.url}/qualifications/{made['id']}", {"If-Match": f'"{made["version"]}"'}
    assert tender.officer.patch(address, json={"state": "unsuccessful", "reason": LOOKED}).status_code == 428
    changed = tender.officer.patch(address, json={"state": "unsuccessful", "reason": LOOKED}, headers=etag)
    assert refusal(changed) == (409, "qualification_decided")
    silent = tender.officer.patch(address, json={"state": "cancelled"}, headers=etag)
    assert refusal(silent) == (422, "invalid_input", ("reason_missing", "/reason"))
    assert done(tender.officer.patch(address, json={"state": "cancelled", "reason": "复核"}, headers=etag))
    assert state_of(tender, bid)["state"] == "opened"
    done(tender.qualify(bid, "unsuccessful", "ineligible"))
    listed = done(tender.officer.get(f"{tender.url}/qualifications"))["items"]
    assert [one["state"] for one in listed] == ["cancelled", "unsuccessful"]


def test_a_clarification_is_asked_for_and_answered(tender):
    bid = tender.bid()
    body = {"clarification": {"question": "请提供更名核准文件", "dueOn": "2026-05-25"}}
    assert refusal(tender.qualify(bid, "pending", "needs_review")) == (
        422,
        "invalid_input",
        ("clarification", "/clarification"),
    )
    made = done(tender.qualify(bid, "pending", "needs_review", **body))
    assert (made["state"], made["decidedBy"], made["clarification"]["answer"]) == ("pending", None, None)
    address, etag = f"{tender.url}/qualifications/{made['id']}", {"If-Match": f'"{made["version"]}"'}
    newer = tender.screening(bid["organizationId"], "eligible")
    answer = {"state": "active", "screening": newer, "answer": "已提交核准文件"}
    decided = done(tender.officer.patch(address, json=answer, headers=etag))
    assert (decided["state"], decided["screening"], decided["proposal"]) == ("active", newer, "eligible")
    assert decided["clarification"]["answer"] == "已提交核准文件"
    assert state_of(tender, bid)["state"] == "valid"


def test_the_screening_cited_is_the_newest_of_this_bidder_in_this_tender(client, tender):
    bid, other = tender.bid(), tender.bid()
    elsewhere = Procedure(client)
    wrong = [
        tender.screening(other["organizationId"]),
        tender.screening(bid["organizationId"], tender=elsewhere.id),
        new_id("scr"),
    ]
    for screening in wrong:
        body = {"bid": bid["id"], "screening": screening, "state": "active"}
        answer = tender.officer.post(f"{tender.url}/qualifications", json=body)
        assert refusal(answer) == (422, "invalid_input", ("unknown_screening", "/screening"))
    old = tender.screening(bid["organizationId"], "eligible")
    tender.screening(bid["organizationId"], "ineligible")
    body = {"bid": bid["id"], "screening": old, "state": "active"}
    assert refusal(tender.officer.post(f"{tender.url}/qualifications", json=body)) == (409, "screening_outdated")


def test_a_bid_that_is_invalid_on_another_ground_stays_so(tender):
    bid = tender.bid()
    change = {"state": "invalid", "ground": "bond", "reason": "未缴纳投标保证金"}
    tender.officer.patch(f"{tender.url}/bids/{bid['id']}", json=change, headers={"If-Match": f'"{bid["version"]}"'})
    done(tender.qualify(bid))
    assert (state_of(tender, bid)["state"], state_of(tender, bid)["ground"]) == ("invalid", "bond")


def test_two_officers_at_once_make_one_decision(tender):
    bid, answers = tender.bid(), []
    screening = tender.screening(bid["organizationId"])
    bodies = [{"bid": bid["id"], "screening": screening, "state": state} for state in ("active", "unsuccessful") * 3]

    def decide(body):
        answers.append(tender.officer.post(f"{tender.url}/qualifications", json={**body, "reason": LOOKED}))

    threads = [threading.Thread(target=decide, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 201
    assert set(statuses[1:]) <= {409, 412}
    standing = done(tender.officer.get(f"{tender.url}/qualifications"))["items"]
    assert len(standing) == 1
    assert state_of(tender, bid)["state"] == {"active": "valid", "unsuccessful": "invalid"}[standing[0]["state"]]


def test_no_program_decides_and_bidders_see_their_own(client, tender):
    made, other = done(tender.qualify(tender.bid())), done(tender.qualify(tender.bid()))
    assert client.as_(Role.CLIENT).post(f"{tender.url}/qualifications", json={}).status_code == 403
    bidder = client.as_(Role.BIDDER, organization_id=made["organizationId"])
    assert [one["id"] for one in done(bidder.get(f"{tender.url}/qualifications"))["items"]] == [made["id"]]
    assert bidder.get(f"{tender.url}/qualifications/{other['id']}").status_code == 404


def test_the_trail_tells_decision_and_bid(client, tender):
    bid = tender.bid()
    made = done(tender.qualify(bid))
    events = done(client.as_(Role.AUDITOR).get("/api/v1/audit?limit=200"))["items"]
    ours = [event["event"] for event in events if event["subjectId"] in (bid["id"], made["id"])]
    assert sorted(ours) == sorted(
        [Event.OFFICER_BID_RECORD, Event.OFFICER_QUALIFICATION_CREATE, Event.OFFICER_BID_CHANGE]
    )
