"""Acts that one person cannot carry out alone: proposed by one, agreed to by another, named both in the trail."""

import pytest

from app.core.procedure.second_person import OF_TENDER, RULES, Act
from app.platform.access.roles import Role
from app.platform.approvals.tables import Approval
from app.tendering.envelopes.ceremony import hold
from tests.conftest import Api
from tests.making.past import before
from tests.making.people import log_in, settled
from tests.making.procedure import SCHEME, Procedure, award, done, refusal, without_committee
from tests.making.sealed import Sealed, with_clock
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


@pytest.fixture
def sealed(platform):
    with Api(with_clock(platform)[0]) as running:
        yield Sealed(running, publish=False)


def test_the_opening_key_is_set_by_two(sealed):
    other, url = hold({name: pair[1] for name, pair in sealed.custodians.items()}, 2), f"{sealed.url}/opening"
    answer = sealed.api.alone.as_(Role.OFFICER).put(f"{url}/key", json=other.document())
    assert sealed.opening()["publicKey"] == sealed.ceremony.public_key
    set_ = by_two(sealed.api, answer, "ceremony", "officer:opening:key")
    assert set_["publicKey"] == other.public_key


def test_bids_are_opened_by_two(sealed):
    done(sealed.officer.post(f"{sealed.url}/publish"))
    for name in ("甲社", "乙社", "丙社"):
        done(sealed.bidder(name).submit(price="951234.00"))
    sealed.clock.at(0)
    done(sealed.close())
    officer, key = sealed.api.alone.as_(Role.OFFICER), sealed.key()
    answer = officer.post(f"{sealed.url}/opening", json=key)
    proposed = proposal(answer)
    assert (proposed["request"], proposed["changes"]) == (None, [])
    assert sealed.opening()["record"] is None
    seen = officer.get(f"{API}/approvals/{proposed['id']}").text
    assert "951234" not in seen and key["identity"] not in seen
    with sealed.api.platform.work() as work:
        row = work.session.get(Approval, proposed["id"])
        assert "951234" not in str(vars(row)) and key["identity"] not in str(vars(row))
    place, second = f"{API}/approvals/{proposed['id']}/agree", sealed.api.alone.logged_in(Role.OFFICER)
    assert refusal(second.post(place, json={})) == (422, "invalid_input", ("required", "/request"))
    other = {"request": {**key, "drawSecret": "0" * len(key["drawSecret"])}}
    assert refusal(second.post(place, json=other)) == (422, "invalid_input", ("another_request", "/request"))
    opened = by_two(sealed.api, answer, "opening", "officer:opening:open", request=key)
    assert {line["price"] for line in opened["record"]} == {"951234.00"}


def test_a_tender_is_ended_by_two(client, tender):
    officer = client.alone.as_(Role.OFFICER)
    answer = officer.post(f"{tender.url}/move", json={"to": "unsuccessful", "reason": "投标人不足三家"})
    assert done(officer.get(tender.url))["state"] == "active.tendering"
    assert by_two(client, answer, "cancellation", "officer:tender:move")["state"] == "unsuccessful"
    made = draft(client)
    answer = officer.post(f"{API}/tenders/{made['id']}/cancel", json={"reason": "采购任务取消"})
    assert done(officer.get(f"{API}/tenders/{made['id']}"))["state"] == "draft"
    assert by_two(client, answer, "cancellation", "officer:tender:cancel")["state"] == "cancelled"


def test_moving_on_needs_one_person(client, tender):
    moved = client.alone.as_(Role.OFFICER).post(f"{tender.url}/move", json={"to": "active.qualification"})
    assert done(moved)["state"] == "active.qualification"


def test_an_opened_bid_is_corrected_or_rejected_by_two(client, tender):
    tender.qualification()
    bid = tender.bid()
    officer, url = client.alone.as_(Role.OFFICER), f"{tender.url}/bids/{bid['id']}"
    for change in ({"price": "970000.00", "reason": "大写金额与小写金额不一致"},
                   {"state": "invalid", "ground": "other", "reason": "投标文件未签章"}):  # fmt: skip
        before_it = officer.get(url)
        answer = officer.patch(url, json=change, headers={"If-Match": before_it.headers["etag"]})
        assert officer.get(url).json() == before_it.json()
        shown = proposal(answer)["changes"][0]
        assert shown["before"]["price"] == before_it.json()["price"]
        changed = by_two(client, answer, "bid_change", "officer:bid:change")
        assert {name: changed[name] for name in change} == change


def test_a_committee_is_formed_by_two(client):
    tender = Procedure(client, committee=True).qualification()
    members = [{"id": f"m{n}", "person": f"persona-{n}", "seat": "expert"} for n in range(5)]
    officer = client.alone.as_(Role.OFFICER)
    answer = officer.put(f"{tender.url}/committee", json={"members": members})
    assert officer.get(f"{tender.url}/committee").status_code == 404
    formed = by_two(client, answer, "committee", "officer:committee:form")
    assert [one["id"] for one in formed["members"]] == [one["id"] for one in members]


def test_a_score_sheet_is_replaced_by_two(client, tender):
    tender.qualification()
    bids = [tender.qualified_bid(price) for price in ("980000.00", "970000.00", "960000.00")]
    first = tender.evaluation().sheet({bid["id"]: "80" for bid in bids})
    officer, url = client.alone.as_(Role.OFFICER), f"{API}/lots/{tender.lot}/score-sheets"
    body = {"member": "expert-1", "scores": first["scores"], "replaces": first["id"], "ground": "arithmetic"}
    answer = officer.post(url, json={**body, "reason": "分项合计计算错误"})
    assert [one["id"] for one in done(tender.officer.get(url))["items"]] in ([first["id"]], [])
    replaced = by_two(client, answer, "score_change", "evaluator:score_sheet:record")
    assert (replaced["ground"], replaced["id"] != first["id"]) == ("arithmetic", True)


def test_a_login_is_reset_by_two(client):
    made, _ = settled(client)
    admin = client.alone.logged_in(Role.ADMIN)
    answer = admin.post(f"{API}/users/{made['id']}/reset")
    assert "password" not in proposal(answer)
    done(log_in(client))
    renewed = by_two(client, answer, "login_reset", "admin:user:reset", role=Role.AUDITOR)
    assert log_in(client).status_code == 401
    done(log_in(client, password=renewed["password"]))
    assert renewed["password"] not in admin.get(f"{API}/approvals/{answer.json()['id']}").text


def test_who_may_not_be_the_second_person(client):
    made = draft(client)
    person = client.alone.logged_in(Role.OFFICER)
    proposed = proposal(person.post(f"{API}/tenders/{made['id']}/publish"))
    url = f"{API}/approvals/{proposed['id']}/agree"
    assert refusal(person.post(url, json={})) == (403, "second_person_required")
    assert refusal(client.alone.logged_in(Role.AUDITOR).post(url, json={})) == (403, "second_person_required")
    for role in (Role.OFFICER, Role.CLIENT):  # keys: none agrees
        assert refusal(client.alone.as_(role).post(url, json={})) == (403, "forbidden")
    assert client.alone.logged_in(Role.ADMIN).post(url, json={}).status_code == 404
    assert done(person.get(f"{API}/tenders/{made['id']}"))["state"] == "draft"


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
