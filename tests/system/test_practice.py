"""A practice tender: its clock is advanced, the procedure follows it, everything of it says so; no real tender has one."""

from datetime import datetime, timedelta

import pytest

from app.platform.access.roles import Role
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import DEADLINE, PUBLISHED, Sealed, with_clock

PROMISE = {"classes": ["基础", "增能", "治理"], "heads": 60}


class Practice(Sealed):
    """A practice tender whose clock is advanced instead of the instance's."""

    practice = True

    def __init__(self, api, **given):
        super().__init__(api, **given)
        self.clock = self

    def at(self, seconds):
        """Advance to so many seconds after the deadline."""
        return done(self.advance(DEADLINE + timedelta(seconds=seconds)))

    def advance(self, to, who=None):
        return (who or self.officer).post(f"{self.url}/practice-clock", json={"to": to.isoformat()})


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


@pytest.fixture
def tender(api):
    return Practice(api)


def refused(answer, code, status=409):
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


def test_it_says_so_in_its_id_title_and_answers(api):
    tender, real = Practice(api, publish=False), Sealed(api, publish=False)
    shown, other = (done(one.officer.get(one.url)) for one in (tender, real))
    assert (shown["practice"], shown["title"], shown["practiceTime"]) == (True, "【演练】试点", "2026-04-29T01:30:00Z")
    assert shown["id"].startswith("pra_")
    assert (other["practice"], other["title"], other["practiceTime"]) == (False, "试点", None)
    headers = {"If-Match": f'"{shown["version"]}"'}
    renamed = done(tender.officer.patch(tender.url, json={"title": "社区服务"}, headers=headers))
    assert renamed["title"] == "【演练】社区服务"


def test_its_clock_goes_forward_only_and_a_real_tender_has_none(api, tender):
    real = Sealed(api)
    refused(real.officer.post(f"{real.url}/practice-clock", json={"to": DEADLINE.isoformat()}), "not_practice")
    assert done(tender.advance(PUBLISHED + timedelta(days=3)))["practiceTime"] == "2026-05-02T01:30:00Z"
    for to in (PUBLISHED, PUBLISHED + timedelta(days=3), PUBLISHED + timedelta(days=4000)):
        refused(tender.advance(to), "invalid_input", 422)
    for role in (Role.BIDDER, Role.AUDITOR, Role.EVALUATOR):
        answer = tender.advance(DEADLINE, api.as_(role))
        assert answer.status_code in {403, 404}, role
    assert done(real.officer.get(real.url))["practiceTime"] is None


def test_deadline_opening_and_remedies_follow_its_clock_and_nobody_elses(api, tender):
    real = Sealed(api)
    bidders = tender.decided()
    refused(bidders[0].submit(), "bidding_closed")
    refused(real.close(), "bidding_open")
    assert real.bidder("另一机构").submit().status_code == 201
    opening = tender.opening()
    assert opening["closedAt"] == opening["openedAt"] == DEADLINE.isoformat().replace("+00:00", "Z")
    notice = done(tender.officer.post(f"{tender.url}/award-notices"))["items"][0]
    assert notice["practice"] is True
    due = {one["clock"]: one["dueOn"] for one in done(tender.officer.get(f"{tender.url}/clocks"))["items"]}
    assert due["question"] == "2026-05-29", "seven working days after 20 May, the practice day"
    body = {"text": "质疑", "knownOn": "2026-05-20"}
    assert done(bidders[1].client.post(f"{tender.url}/questions", json=body))["receivedOn"] == "2026-05-20"
    tender.at(20 * 86_400)
    refused(bidders[2].client.post(f"{tender.url}/questions", json=body), "remedy_late")


def test_a_dossier_is_late_by_the_practice_deadline(api, tender):
    bidder = tender.bidder()
    roster = f"/api/v1/organizations/{bidder.id}/roster"
    done(tender.officer.put(roster, json={"lines": [{"name": "张三"}]}))
    api.platform.clock.now += timedelta(minutes=5)
    tender.at(60)
    done(tender.officer.put(roster, json={"lines": [{"name": "张三"}, {"name": "李四"}]}))
    parts = done(tender.officer.get(f"{tender.url}/dossiers/{bidder.id}"))["parts"]
    assert [one["arrival"] for one in parts if one["kind"] == "roster"] == ["in_time", "late"]


def test_every_event_of_its_trail_says_so_with_the_real_time(api, tender):
    tender.decided()
    events = done(api.as_(Role.AUDITOR).get(f"/api/v1/audit?chain={tender.id}&limit=200"))["items"]
    assert {"officer:practice_clock:advance", "officer:opening:open"} <= {one["event"] for one in events}
    assert all(one["after"]["practice"] is True for one in events)
    assert {datetime.fromisoformat(one["occurredAt"]) for one in events} == {PUBLISHED}
    advanced = next(one for one in events if one["event"] == "officer:practice_clock:advance")
    assert (advanced["before"]["clock"], advanced["after"]["clock"]) == (PUBLISHED.isoformat(), DEADLINE.isoformat())
    assert done(api.as_(Role.AUDITOR).get("/api/v1/audit/verify"))["intact"] is True


def test_a_late_contract_of_practice_is_no_entry_in_the_agencys_credit_list(api, tender):
    tender.decided()
    days = {"teamFormedBy": "2026-06-30", "stationedBy": "2026-07-05"}
    body = {"tenderId": tender.id, "award": tender.awards[0]["id"], "promise": PROMISE, **days}
    made = tender.officer.post("/api/v1/contracts", json=body)
    url = f"/api/v1/contracts/{done(made)['id']}"
    signed = {"signedOn": "2026-05-20"}
    done(tender.officer.post(f"{url}/signature", json=signed, headers={"If-Match": made.headers["etag"]}))
    tender.at(60 * 86_400)
    assert tender.officer.post("/api/v1/contracts/lateness-checks").status_code == 202
    api.run_jobs()
    (one, *_) = done(tender.officer.get("/api/v1/contracts/lateness-proposals"))["items"]
    decision = {"decision": "accepted", "reason": "逾期"}
    path = f"/api/v1/contracts/lateness-proposals/{one['id']}/decision"
    done(tender.officer.post(path, json=decision, headers={"If-Match": f'"{one["version"]}"'}))
    lists = {one["name"]: one["newest"]["rows"] for one in done(tender.officer.get("/api/v1/credit-lists"))}
    assert lists == {"own-warning": 0, "own-barring": 0}
