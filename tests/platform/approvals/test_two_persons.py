"""Acts that one person cannot carry out alone: proposed by one, agreed to by another, named both in the trail."""

import pytest

from app.core.procedure.second_person import OF_TENDER, RULES, Act
from app.platform.access.roles import Role
from tests.making.past import before
from tests.making.procedure import SCHEME, Procedure, award, done, refusal, without_committee
from tests.making.two_persons import agreed

API = "/api/v1"
PROPOSED = "person:approval:propose"


@pytest.fixture
def tender(client):
    return Procedure(client)


def draft(api, **policy):
    body = {
        "title": "试点",
        "policy": {**without_committee(), **policy},
        "bidDeadline": "2126-05-20T09:30:00+08:00",
        "lots": [{"key": "a", "name": "采购单元a", "value": "1000000.00"}],
        "scheme": SCHEME,
        "award": award(order=["a"]),
    }
    return done(api.as_(Role.OFFICER).post(f"{API}/tenders", json=body))


def trail(api, chain):
    items = done(api.as_(Role.AUDITOR).get(f"{API}/audit", params={"chain": chain, "limit": "200"}))["items"]
    return [(one["event"], one["actorId"], (one["after"] or {}).get("secondPerson")) for one in items]


def proposal(answer):
    """Return the proposal with which an act is answered."""
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"{API}/approvals/{answer.json()['id']}"
    return answer.json()


def by_two(api, answer, act, event, *, request=None, role=Role.OFFICER):
    """Let a second account agree to an act; the response to the act, after its event was found to name both."""
    proposed = proposal(answer)
    assert (proposed["act"], proposed["article"], proposed["state"]) == (act, RULES[act].article, "pending")
    result = agreed(api.alone.logged_in(role), answer, request)
    assert result.status_code < 300, result.text
    settled = done(api.as_(Role.AUDITOR).get(f"{API}/approvals/{proposed['id']}"))
    assert settled["state"] == "agreed"
    found = [one for one in trail(api, proposed["tenderId"] or "instance") if one[0] == event]
    assert {(actor, second and second["id"]) for _, actor, second in found} >= {
        (proposed["proposedBy"], settled["answeredBy"])
    }
    assert proposed["proposedBy"] != settled["answeredBy"]
    return result.json()


def test_a_tender_is_published_by_two(client):
    made = draft(client)
    url = f"{API}/tenders/{made['id']}"
    officer = client.alone.as_(Role.OFFICER)
    answer = officer.post(f"{url}/publish")
    assert "officer:tender:publish" in [one["event"] for one in proposal(answer)["changes"]]
    assert done(officer.get(url))["state"] == "draft"
    assert by_two(client, answer, "publication", "officer:tender:publish")["state"] == "active.tendering"
    assert done(officer.get(url))["state"] == "active.tendering"


def test_an_award_is_decided_and_cancelled_by_two(client, tender):
    tender.qualification()
    bids = [tender.qualified_bid(price) for price in ("980000.00", "970000.00", "960000.00")]
    tender.evaluation().ranked(bids, ["80", "70", "60"])
    scenario = done(tender.scenario())["id"]
    officer = client.alone.as_(Role.OFFICER)
    answer = officer.post(f"{tender.url}/awards", json={"scenario": scenario})
    assert done(officer.get(f"{tender.url}/awards"))["items"] == []
    (decided,) = by_two(client, answer, "award", "officer:award:decide")["items"]
    assert decided["bid"] == bids[0]["id"]
    url, body = f"{tender.url}/awards/{decided['id']}", {"state": "cancelled", "reason": "评审错误"}
    answer = officer.patch(url, json=body, headers={"If-Match": f'"{decided["version"]}"'})
    assert done(officer.get(url))["state"] == "active"
    assert by_two(client, answer, "award", "officer:award:cancel")["state"] == "cancelled"


def test_who_may_not_be_the_second_person(client):
    made = draft(client)
    person = client.alone.logged_in(Role.OFFICER)
    proposed = proposal(person.post(f"{API}/tenders/{made['id']}/publish"))
    url = f"{API}/approvals/{proposed['id']}/agree"
    assert refusal(person.post(url, json={})) == (403, "second_person_required")
    assert refusal(client.alone.logged_in(Role.AUDITOR).post(url, json={})) == (403, "second_person_required")
    for role in (Role.OFFICER, Role.CLIENT):  # keys: a program never agrees
        assert refusal(client.alone.as_(role).post(url, json={})) == (403, "forbidden")
    assert client.alone.logged_in(Role.ADMIN).post(url, json={}).status_code == 404
    assert done(person.get(f"{API}/tenders/{made['id']}"))["state"] == "draft"


def test_a_program_proposes_and_a_person_agrees(client):
    made = draft(client)
    answer = client.alone.as_(Role.CLIENT).post(f"{API}/tenders/{made['id']}/publish")
    assert by_two(client, answer, "publication", "officer:tender:publish")["state"] == "active.tendering"


def test_what_changed_since_is_not_agreed_to(client):
    made = draft(client)
    url = f"{API}/tenders/{made['id']}"
    officer = client.alone.as_(Role.OFFICER)
    answer = officer.post(f"{url}/publish")
    done(client.as_(Role.OFFICER).post(f"{url}/cancel", json={"reason": "不再采购"}))
    second = client.alone.logged_in(Role.OFFICER)
    assert refusal(agreed(second, answer)) == (409, "approval_stale")
    assert done(officer.get(url))["state"] == "cancelled"
    assert done(officer.get(f"{API}/approvals/{proposal(answer)['id']}"))["state"] == "pending"


def test_other_content_than_was_shown_is_stale(client, tender):
    tender.qualification()
    bids = [tender.qualified_bid(price) for price in ("980000.00", "970000.00", "960000.00")]
    tender.evaluation().ranked(bids, ["80", "70", "60"])
    scenario = done(tender.scenario())["id"]
    officer = client.alone.as_(Role.OFFICER)
    answer = officer.post(f"{tender.url}/awards", json={"scenario": scenario})
    price = {"price": "979999.00", "reason": "大写金额与小写金额不一致"}
    done(client.as_(Role.OFFICER).patch(f"{tender.url}/bids/{bids[0]['id']}", json=price, headers={"If-Match": '"2"'}))
    assert refusal(agreed(client.alone.logged_in(Role.OFFICER), answer)) == (409, "approval_stale")
    assert done(officer.get(f"{tender.url}/awards"))["items"] == []


def test_declined_withdrawn_and_answered_once(client):
    made = draft(client)
    url = f"{API}/tenders/{made['id']}/publish"
    first, second = client.alone.logged_in(Role.OFFICER), client.alone.logged_in(Role.OFFICER)
    declined, reason = proposal(first.post(url)), {"reason": "采购需求未经审核"}
    place = f"{API}/approvals/{declined['id']}"
    assert refusal(first.post(f"{place}/decline", json=reason)) == (403, "second_person_required")
    assert done(second.post(f"{place}/decline", json=reason))["reason"] == reason["reason"]
    assert refusal(second.post(f"{place}/agree", json={})) == (409, "approval_settled")
    again = proposal(first.post(url))
    assert again["id"] != declined["id"]
    assert proposal(first.post(url))["id"] == again["id"], "the same request waits once"
    assert refusal(second.post(f"{API}/approvals/{again['id']}/withdraw")) == (403, "forbidden")
    assert done(first.post(f"{API}/approvals/{again['id']}/withdraw"))["state"] == "withdrawn"
    states = [one["state"] for one in done(second.get(f"{API}/approvals", params={"tenderId": made["id"]}))["items"]]
    assert states == ["withdrawn", "declined"]


def test_a_proposal_expires(client):
    made = draft(client)
    with before(client.platform, "2026-03-01T09:30:00+08:00"):
        waits = proposal(client.alone.as_(Role.OFFICER).post(f"{API}/tenders/{made['id']}/publish"))
    second = client.alone.logged_in(Role.OFFICER)
    assert refusal(second.post(f"{API}/approvals/{waits['id']}/agree", json={})) == (409, "approval_settled")
    assert [one["id"] for one in done(second.get(f"{API}/approvals?state=expired"))["items"]] == [waits["id"]]
    assert done(second.get(f"{API}/approvals?state=pending"))["items"] == []


def test_a_policy_names_the_acts_and_publication_stays_with_two(client):
    made = draft(client, approvals=[])
    officer = client.alone.as_(Role.OFFICER)
    answer = officer.post(f"{API}/tenders/{made['id']}/publish")
    by_two(client, answer, "publication", "officer:tender:publish")
    document = done(officer.get(f"{API}/tenders/{made['id']}/policy"))["document"]
    assert document["approvals"] == []
    bad = {**without_committee(), "approvals": ["login_reset"]}
    refused = officer.post(f"{API}/tenders", json={"policy": bad, "bidDeadline": "2126-05-20T09:30:00+08:00"})
    assert refused.status_code == 422


def test_every_act_has_an_article_and_somebody_who_agrees():
    assert set(RULES) == set(Act) and set(Act) > OF_TENDER
    assert all(rule.article and rule.agree for rule in RULES.values())
    assert all("client" not in rule.agree for rule in RULES.values())
