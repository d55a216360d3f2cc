"""Tenders: created from a preset or in full, frozen by publication, moved by the state machine."""

import copy
from datetime import datetime, timedelta

import pytest

from app.platform.access.roles import Role
from app.tendering.envelopes.age import new_identity
from app.tendering.envelopes.ceremony import hold
from app.tendering.envelopes.pins import fingerprint, trial_answer
from app.tendering.envelopes.proving import trial_value
from app.tendering.policies.loader import preset
from app.tendering.policies.presets import preset_document
from tests.making.past import at, before
from tests.making.procedure import done, refusal

API = "/api/v1"
DEADLINE = "2126-05-20T09:30:00+08:00"
PASSED = "2026-05-20T09:30:00+08:00"


def make(officer, **body):
    return officer.post(f"{API}/tenders", json={"policy": "suzhou-current", "bidDeadline": DEADLINE, **body})


def own_policy(**changes):
    document = copy.deepcopy(preset_document("suzhou-current"))
    document.pop("tender")
    return {**document, "id": "own", **changes}


def whole(**changes):
    plan = preset_document("suzhou-current")["tender"]
    body = {
        "title": "老年社区服务项目",
        "policy": own_policy(),
        "ceiling": "500000.00",
        "lots": [
            {"key": "a", "name": "甲包", "value": "400000.00"},
            {"key": "b", "name": "乙包", "value": "300000.00", "ceiling": "310000.00"},
        ],
        "scheme": plan["scheme"],
        "award": {**plan["award"], "lotOrder": ["b", "a"]},
    }
    return {**body, **changes}


def test_a_preset_gives_nine_lots_ceiling_scheme_and_award_rule(client):
    officer = client.as_(Role.OFFICER)
    made = make(officer)
    assert made.status_code == 201
    tender = made.json()
    assert made.headers["location"] == f"{API}/tenders/{tender['id']}"
    assert (tender["state"], tender["assurance"], tender["ceiling"]) == ("draft", "documented", "1000000.00")
    assert tender["asOf"] == "2126-05-20"
    assert tender["policy"]["sha256"] == preset("suzhou-current").sha256
    assert tender["award"]["rule"] == "sequential"
    lots = officer.get(f"{API}/tenders/{tender['id']}/lots").json()["items"]
    assert [lot["key"] for lot in lots] == [f"lot-{n}" for n in range(1, 10)]
    assert {(lot["value"], lot["ceiling"]) for lot in lots} == {("1000000.00", "1000000.00")}
    assert (lots[0]["name"], lots[0]["district"]) == ("苏锦街道", "姑苏区")


PLAN = {
    "parties": {
        "commissioner": {"zh": "民政局", "en": "Civil affairs bureau"},
        "purchasers": {"zh": "区与街道", "en": "District and sub-district"},
        "beneficiaries": {"zh": "社区", "en": "Communities"},
        "contractor": None,
        "evaluator": {"zh": "评估中心", "en": "Evaluation centre"},
    },
    "fund": {
        "source": {"zh": "福彩金", "en": "Lottery"},
        "lots": "2000000.00",
        "evaluation": "1.00",
        "total": "2000001.00",
    },
    "schedule": {
        "tenderBy": "2026-05-31",
        "teamBy": "2026-06-30",
        "trainingBy": "2026-07-03",
        "termFrom": "2026-07-01",
        "termTo": "2027-06-30",
    },
}


def test_parties_fund_and_dates_belong_to_the_tender(client):
    officer = client.as_(Role.OFFICER)
    made = done(officer.post("/api/v1/tenders", json={"policy": "suzhou-2017"}))
    assert (made["fund"]["total"], made["fund"]["evaluation"]) == ("9500000.00", "500000.00")
    assert (made["schedule"]["tenderBy"], made["schedule"]["teamBy"]) == ("2017-05-31", "2017-06-30")
    assert set(made["parties"]) == {"commissioner", "purchasers", "beneficiaries", "contractor", "evaluator"}
    lots = [{"key": "a", "name": "甲", "value": "1000000.00"}, {"key": "b", "name": "乙", "value": "1000000.00"}]
    own = done(officer.post("/api/v1/tenders", json={"lots": lots, **PLAN}))
    assert {name: own[name] for name in PLAN} == PLAN
    assert done(officer.post("/api/v1/tenders", json={"lots": lots}))["fund"] is None, "a preset's fund is for its lots"
    dear = [{**lots[0], "value": "2000000.01"}]
    answer = officer.post("/api/v1/tenders", json={"lots": dear, **PLAN})
    assert refusal(answer) == (422, "invalid_input", ("over_fund", "/lots"))
    odd = {**PLAN, "fund": {**PLAN["fund"], "total": "3000000.00"}}
    assert officer.post("/api/v1/tenders", json={"lots": lots, **odd}).status_code == 422
    address, tag = f"/api/v1/tenders/{own['id']}/lots", {"If-Match": f'"{own["version"]}"'}
    assert refusal(officer.put(address, json={"lots": dear}, headers=tag))[2] == ("over_fund", "/lots")


def test_the_day_is_that_of_the_deadline_in_china(client):
    made = make(client.as_(Role.OFFICER), bidDeadline="2126-05-19T17:00:00Z")
    assert made.json()["asOf"] == "2126-05-20"
    assert made.json()["bidDeadline"] == "2126-05-19T17:00:00Z"


def test_a_whole_tender_has_its_own_policy_and_lots(client):
    officer = client.as_(Role.OFFICER)
    made = officer.post(f"{API}/tenders", json=whole())
    assert made.status_code == 201, made.text
    tender = made.json()
    assert tender["policy"]["id"] == "own"
    lots = officer.get(f"{API}/tenders/{tender['id']}/lots").json()["items"]
    assert [(lot["key"], lot["ceiling"]) for lot in lots] == [("a", "500000.00"), ("b", "310000.00")]
    stored = officer.get(f"{API}/tenders/{tender['id']}/policy").json()
    assert stored["document"] == own_policy()
    assert stored["frozen"] is False


def test_own_lots_with_a_preset_keep_its_rule_in_the_order_of_the_lots(client):
    lots = [{"key": "x", "name": "甲", "value": "1.00"}, {"key": "y", "name": "乙", "value": "2.00"}]
    made = make(client.as_(Role.OFFICER), lots=lots).json()
    assert made["award"]["lotOrder"] == ["x", "y"]
    assert made["award"]["rule"] == "sequential"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"policy": "suzhou-1999"}, "/policy"),
        ({"policy": 7}, "/policy"),
        ({"policy": own_policy(surprise=1)}, "/policy/surprise"),
        ({"policy": own_policy(staff={"insuranceMonths": 0})}, "/policy/staff/insuranceMonths"),
        ({"lots": []}, "/lots"),
        ({"lots": [{"key": "a", "name": "甲", "value": "0.00"}]}, "/lots/0/value"),
        ({"lots": [{"key": "a", "name": "甲", "value": "1" + "0" * 400}]}, "/lots/0/value"),
        ({"lots": [{"key": "a", "name": "甲\x00", "value": "1.00"}]}, "/lots/0/name"),
        ({"ceiling": 5}, "/ceiling"),
        ({"ceiling": "NaN"}, "/ceiling"),
        ({"ceiling": "0.00"}, "/ceiling"),
        ({"bidDeadline": "2026-02-30T09:00:00+08:00"}, "/bidDeadline"),
        ({"bidDeadline": "2026-05-20T09:00:00"}, "/bidDeadline"),
        ({"assurance": "verified"}, "/assurance"),
        ({"unknown": True}, "/unknown"),
        (
            {
                "award": {
                    "rule": "optimal",
                    "objective": "total_score",
                    "limits": {"maximumLotsAwardedPerSupplier": None, "perSupplier": {}},
                    "lotOrder": ["lot-10"],
                }
            },
            "/award/lotOrder",
        ),
    ],
)
def test_a_wrong_tender_says_where(client, change, pointer):
    answer = make(client.as_(Role.OFFICER), **change)
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.sqlite_only
def test_numbers_and_characters_that_are_none_are_refused_where_they_stand(client):
    officer = client.as_(Role.OFFICER)
    heads = {"content-type": "application/json"}
    for text in (
        '{"policy": {"id": "x", "weight": NaN}}',
        '{"policy": {"id": "\\ud800"}}',
        '{"policy": {"\\ud800": 1}}',
        '{"title": "\\ud800"}',
        '{"ceiling": 1e400}',
        "[" * 50_000,
        '{"policy": ' + '{"a":' * 3000 + "1" + "}" * 3000 + "}",
    ):
        answer = officer.post(f"{API}/tenders", content=text, headers=heads)
        assert answer.status_code in (400, 422), (text[:40], answer.status_code)


def test_a_policy_without_a_plan_needs_everything_else(client):
    answer = client.as_(Role.OFFICER).post(f"{API}/tenders", json={"policy": own_policy()})
    assert sorted(error["pointer"] for error in answer.json()["errors"]) == ["/ceiling", "/lots", "/scheme"]


def test_without_an_award_rule_the_lots_are_awarded_in_their_order_without_a_limit(client):
    body = whole()
    del body["award"]
    made = done(client.as_(Role.OFFICER).post(f"{API}/tenders", json=body))
    limits = {"maximumLotsAwardedPerSupplier": None, "perSupplier": {}}
    assert made["award"] == {
        "rule": "sequential", "objective": "total_score", "limits": limits, "lotOrder": ["a", "b"]
    }  # fmt: skip


def test_a_draft_changes_and_each_change_needs_the_version_it_saw(client):
    officer = client.as_(Role.OFFICER)
    made = make(officer)
    address, tag = f"{API}/tenders/{made.json()['id']}", made.headers["etag"]
    assert officer.patch(address, json={"title": "新标题"}).status_code == 428
    changed = officer.patch(address, json={"title": "新标题"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["title"]) == (200, "新标题")
    assert officer.patch(address, json={"title": "又一个"}, headers={"If-Match": tag}).status_code == 412
    tag = changed.headers["etag"]
    lots = {"lots": [{"key": "lot-1", "name": "苏锦街道", "value": "900000.00"}]}
    before = officer.get(f"{address}/lots").json()["items"][0]["id"]
    put = officer.put(f"{address}/lots", json=lots, headers={"If-Match": tag})
    assert [(lot["id"], lot["value"]) for lot in put.json()] == [(before, "900000.00")]
    put = officer.put(f"{address}/policy", json={"policy": "suzhou-2017"}, headers={"If-Match": put.headers["etag"]})
    assert put.json()["id"] == "suzhou-2017"
    assert len(officer.get(f"{address}/lots").json()["items"]) == 9


def test_publication_freezes_the_terms(client):
    officer = client.as_(Role.OFFICER)
    made = make(officer)
    address = f"{API}/tenders/{made.json()['id']}"
    published = officer.post(f"{address}/publish")
    assert (published.status_code, published.json()["state"]) == (200, "active.tendering")
    assert len(published.json()["termsSha256"]) == 64
    assert officer.get(f"{address}/policy").json()["frozen"] is True
    assert {lot["state"] for lot in officer.get(f"{address}/lots").json()["items"]} == {"active"}
    tag = {"If-Match": published.headers["etag"]}
    for method, path, body in (
        ("PATCH", "", {"title": "x"}),
        ("PUT", "/policy", {"policy": "suzhou-2017"}),
        ("PUT", "/lots", {"lots": [{"key": "a", "name": "a", "value": "1.00"}]}),
    ):
        refused = officer.request(method, address + path, json=body, headers=tag)
        assert (refused.status_code, refused.json()["code"]) == (409, "policy_frozen")
        assert refused.json()["article"] == "政府采购法实施条例 第三十四条"
    assert officer.post(f"{address}/publish").json()["code"] == "state_forbids"


def test_nothing_is_published_without_a_deadline(client):
    officer = client.as_(Role.OFFICER)
    made = make(officer, bidDeadline=None)
    answer = officer.post(f"{API}/tenders/{made.json()['id']}/publish")
    assert answer.json()["errors"][0]["pointer"] == "/bidDeadline"


def codes(answer):
    return [one["code"] for one in answer.json()["warnings"]]


def test_a_draft_shows_every_warning_that_its_publication_would(client):
    officer = client.as_(Role.OFFICER)
    scheme = copy.deepcopy(preset_document("suzhou-current")["tender"]["scheme"])
    scheme["price"]["points"], scheme["minBidders"] = "5", 2
    lots = [
        {"key": "a", "name": "甲", "value": "800000.00", "ceiling": "1200000.00"},
        {"key": "b", "name": "乙", "value": "800000.00"},
    ]
    with at(client.platform, datetime.fromisoformat(PASSED) - timedelta(days=10)):
        made = make(officer, scheme=scheme, lots=lots, bidDeadline=PASSED)
        published = officer.post(f"{API}/tenders/{made.json()['id']}/publish")
    assert codes(made) == [
        "bidding_period_short",
        "opening_key_missing",
        "price_weight_below_floor",
        "points_not_hundred",
        "min_bidders_below_three",
        "lot_ceiling_above_tender",
        "lot_ceiling_above_value",
    ]
    assert codes(published) == codes(made)


def with_key(officer, made):
    """Return the tender once its bids can be sealed, and its custodians have proved their keys."""
    url = f"{API}/tenders/{made.json()['id']}"
    pairs = {name: new_identity() for name in "ab"}
    held = hold({name: pair[1] for name, pair in pairs.items()}, 2)
    done(officer.put(f"{url}/opening/key", json=held.document()))
    trials = officer.get(f"{url}/opening/trials").content
    for name, (identity, _) in pairs.items():
        answer = trial_answer(trial_value(trials, name, identity), fingerprint(held.public_key))
        done(officer.post(f"{url}/opening/trials", json={"custodian": name, "answer": answer}))
    return officer.get(url)


def test_a_tender_that_cannot_receive_sealed_bids_says_so_as_a_draft_and_at_its_publication(client):
    officer = client.as_(Role.OFFICER)
    made = make(officer)
    warning = {"code": "opening_key_missing", "article": "财政部令第87号 第三十三条"}
    published = done(officer.post(f"{API}/tenders/{made.json()['id']}/publish"))
    assert made.json()["warnings"] == published["warnings"] == [warning]
    assert with_key(officer, make(officer)).json()["warnings"] == []


def test_sound_terms_have_no_warning_and_a_missing_deadline_is_one(client):
    officer = client.as_(Role.OFFICER)
    assert codes(with_key(officer, make(officer))) == []
    assert codes(with_key(officer, make(officer, bidDeadline=None))) == ["deadline_missing"]
    listed = officer.get(f"{API}/tenders").json()["items"]
    assert sorted(len(one["warnings"]) for one in listed) == [0, 1]


def test_a_deadline_in_the_past_is_refused_when_it_is_set_and_when_it_is_published(client):
    officer = client.as_(Role.OFFICER)
    past = {"bidDeadline": "2017-05-20T09:30:00+08:00"}
    with before(client.platform, PASSED):
        made = make(officer, bidDeadline=PASSED)
    address = f"{API}/tenders/{made.json()['id']}"
    published = officer.post(f"{address}/publish")
    changed = officer.patch(address, json=past, headers={"If-Match": made.headers["ETag"]})
    for refused in (make(officer, **past), changed, published):
        error = refused.json()["errors"][0]
        assert (refused.status_code, error["code"], error["pointer"]) == (422, "past", "/bidDeadline")


def test_states_follow_each_other_and_none_is_skipped(client):
    officer = client.as_(Role.OFFICER)
    with before(client.platform, PASSED):
        address = f"{API}/tenders/{make(officer, bidDeadline=PASSED).json()['id']}"
    refused = officer.post(f"{address}/move", json={"to": "active.qualification"}).json()
    assert (refused["code"], refused["article"]) == ("state_forbids", "政府采购法实施条例 第三十四条")
    assert "draft 不能转为 active.qualification" in refused["detail"]
    with before(client.platform, PASSED):
        officer.post(f"{address}/publish")
    assert officer.post(f"{address}/move", json={"to": "active.evaluation"}).status_code == 409
    for state in ("active.qualification", "active.evaluation", "active.awarded", "complete"):
        moved = officer.post(f"{address}/move", json={"to": state})
        assert (moved.status_code, moved.json()["state"]) == (200, state)
    assert officer.post(f"{address}/cancel", json={"reason": "太迟"}).status_code == 409
    assert {lot["state"] for lot in officer.get(f"{address}/lots").json()["items"]} == {"complete"}


def test_bids_stay_closed_until_the_deadline(client):
    officer = client.as_(Role.OFFICER)
    address = f"{API}/tenders/{make(officer, bidDeadline='2190-01-01T09:00:00+08:00').json()['id']}"
    officer.post(f"{address}/publish")
    refused = officer.post(f"{address}/move", json={"to": "active.qualification"})
    assert (refused.status_code, refused.json()["code"]) == (409, "bidding_open")


def test_a_cancellation_says_why(client):
    officer = client.as_(Role.OFFICER)
    address = f"{API}/tenders/{make(officer).json()['id']}"
    assert officer.post(f"{address}/cancel", json={}).status_code == 422
    cancelled = officer.post(f"{address}/cancel", json={"reason": "采购任务取消"}).json()
    assert (cancelled["state"], cancelled["stateReason"]) == ("cancelled", "采购任务取消")


def test_bidders_see_published_tenders_only(client):
    officer, bidder = client.as_(Role.OFFICER), client.as_(Role.BIDDER)
    draft, public = make(officer).json()["id"], make(officer).json()["id"]
    officer.post(f"{API}/tenders/{public}/publish")
    assert [one["id"] for one in bidder.get(f"{API}/tenders").json()["items"]] == [public]
    assert [one["id"] for one in officer.get(f"{API}/tenders?state=draft").json()["items"]] == [draft]
    for path in ("", "/lots", "/policy"):
        assert bidder.get(f"{API}/tenders/{draft}{path}").status_code == 404
        assert bidder.get(f"{API}/tenders/{public}{path}").status_code == 200
    assert bidder.post(f"{API}/tenders", json={}).status_code == 403


def test_a_repeated_creation_is_done_once(client):
    officer = client.as_(Role.OFFICER)
    heads = {"Idempotency-Key": "tender-1"}
    first = officer.post(f"{API}/tenders", json={}, headers=heads)
    again = officer.post(f"{API}/tenders", json={}, headers=heads)
    assert first.json()["id"] == again.json()["id"]
    assert len(officer.get(f"{API}/tenders").json()["items"]) == 1


def test_every_step_is_in_the_chain_of_the_tender(client):
    officer = client.as_(Role.OFFICER)
    made = make(officer)
    address = f"{API}/tenders/{made.json()['id']}"
    officer.patch(address, json={"title": "新"}, headers={"If-Match": made.headers["etag"]})
    officer.post(f"{address}/publish")
    officer.post(f"{address}/cancel", json={"reason": "r"})
    events = client.as_(Role.AUDITOR).get(f"{API}/audit?chain={made.json()['id']}").json()["items"]
    steps = [event["event"] for event in events if not event["event"].startswith("person:approval:")]
    names = sorted(step.removeprefix("officer:tender:") for step in steps)
    assert names == ["cancel", "change", "create", "publish"]
