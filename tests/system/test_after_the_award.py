"""Notices, questions, complaints, contracts, lateness: the procedure from the award on, and amendments before it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from app.platform.access.roles import Role
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import DEADLINE, Sealed, with_clock

PROMISE = {"classes": ["基础", "增能", "治理"], "heads": 60}


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


@pytest.fixture
def tender(api):
    made = Sealed(api)
    made.bidders = made.decided()
    return made


def refused(answer, code, status=409):
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    return answer.json()


def tagged(client, method, url, tag, body):
    return client.request(method, url, json=body, headers={"If-Match": tag})


def contract_of(tender):
    body = {"tenderId": tender.id, "award": tender.awards[0]["id"], "promise": PROMISE, "teamFormedBy": "2026-06-30",
            "stationedBy": "2026-07-05"}  # fmt: skip
    return tender.officer.post("/api/v1/contracts", json=body)


def signed(tender, day="2026-05-20"):
    made = contract_of(tender)
    url = f"/api/v1/contracts/{done(made)['id']}"
    return url, tagged(tender.officer, "POST", f"{url}/signature", made.headers["etag"], {"signedOn": day})


def test_equal_bids_are_drawn_by_the_published_seed(api):
    tender = Sealed(api)
    for number in range(3):
        done(tender.bidder(f"机构{number}").submit(price="950000.00"))
    tender.clock.at(0)
    done(tender.close())
    opened = done(tender.open())
    bids = [{"id": line["bid"], "organizationId": line["organization"]} for line in opened["record"]]
    for bid in bids:
        done(tender.qualify(bid))
    tender.evaluation()
    rows = tender.ranked(bids, ("90", "90", "90"))["rows"]
    assert {row["decidedBy"] for row in rows} == {"draw"}
    keys = [sha256(f"{opened['drawSeed']}\n{row['bid']}".encode()).hexdigest() for row in rows]
    assert keys == sorted(keys)


def test_the_result_goes_to_all_and_each_loser_gets_its_own(tender):
    sent = done(tender.officer.post(f"{tender.url}/award-notices"))["items"]
    assert [one["kind"] for one in sent] == ["award_result", "own_result", "own_result"]
    second = tender.bidders[1]
    own = [one for one in done(second.client.get(f"{tender.url}/notices"))["items"] if one["kind"] == "own_result"]
    assert [(one["content"]["rank"], one["organizationId"]) for one in own] == [(2, second.id)]
    assert own[0]["content"]["total"] is not None
    refused(tender.officer.post(f"{tender.url}/award-notices"), "awards_open")
    clocks = {one["clock"]: one["dueOn"] for one in done(tender.officer.get(f"{tender.url}/clocks"))["items"]}
    assert clocks == {"question": "2026-05-29", "signing": "2026-06-22"}, (
        "Friday 19 June 2026 is 端午: it rolls on to Monday"
    )


def test_an_award_that_bears_a_contract_stands(tender):
    award = f"{tender.url}/awards/{tender.awards[0]['id']}"
    body = {"state": "cancelled", "reason": "中标人放弃中标"}
    etag = done_tag(tender.officer.get(award))
    contract, _ = signed(tender)
    answer = refused(tagged(tender.officer, "PATCH", award, etag, body), "contract_stands")
    assert answer["article"] == "政府采购法 第五十条"
    tag = done_tag(tender.officer.get(contract))
    done(tagged(tender.officer, "POST", f"{contract}/state", tag, {"state": "terminated", "reason": "双方协商解除"}))
    assert done(tagged(tender.officer, "PATCH", award, etag, body))["state"] == "cancelled"


def done_tag(answer):
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


def test_a_question_holds_the_signing_back_until_it_is_answered(tender):
    loser = tender.bidders[2].client
    asked = loser.post(
        f"{tender.url}/questions", json={"lotId": tender.lot, "text": "评分有误", "knownOn": "2026-05-20"}
    )
    url = f"{tender.url}/questions/{done(asked)['id']}"
    assert asked.json()["answerDueOn"] == "2026-05-29"
    _, held = signed(tender)
    assert refused(held, "signing_held")["article"] == "政府采购法实施条例 第五十四条"
    assert tender.bidders[1].client.get(url).status_code == 404
    refused(tender.officer.post(f"{url}/complaints", json={"receivedOn": "2026-05-25"}), "answer_first")
    answered = tagged(
        tender.officer, "POST", f"{url}/answer", asked.headers["etag"], {"upheld": False, "answer": "评分无误"}
    )
    assert done(answered)["state"] == "rejected"
    refused(
        tagged(tender.officer, "POST", f"{url}/answer", answered.headers["etag"], {"upheld": True, "answer": "又"}),
        "remedy_step",
    )
    contract = done(tender.officer.get("/api/v1/contracts"))["items"][0]["id"]
    again = tagged(
        tender.officer,
        "POST",
        f"/api/v1/contracts/{contract}/signature",
        held_tag(tender, contract),
        {"signedOn": "2026-05-20"},
    )
    assert done(again)["state"] == "active"


def held_tag(tender, contract):
    return tender.officer.get(f"/api/v1/contracts/{contract}").headers["etag"]


def test_an_assessed_question_holds_nothing_and_a_late_one_is_not_taken_up(tender):
    loser = tender.bidders[2].client
    asked = loser.post(f"{tender.url}/questions", json={"text": "问", "knownOn": "2026-05-20"})
    url = f"{tender.url}/questions/{done(asked)['id']}"
    done(tagged(tender.officer, "POST", f"{url}/assessment", asked.headers["etag"], {"mayChangeResult": False}))
    assert done(signed(tender)[1])["state"] == "active"
    assert done(loser.post(f"{url}/withdraw"))["state"] == "withdrawn"
    refused(loser.post(f"{url}/withdraw"), "remedy_step")
    refused(loser.post(f"{tender.url}/questions", json={"text": "晚", "knownOn": "2026-05-08"}), "remedy_late")
    assert loser.post(f"{tender.url}/questions", json={"text": "早", "knownOn": "2026-05-21"}).status_code == 422
    assert (
        tender.officer.post(f"{tender.url}/questions", json={"text": "x", "knownOn": "2026-05-20"}).status_code == 403
    )


def test_only_the_finance_departments_order_suspends_and_for_thirty_days(tender):
    asked = tender.bidders[1].client.post(f"{tender.url}/questions", json={"text": "问", "knownOn": "2026-05-20"})
    url = f"{tender.url}/questions/{done(asked)['id']}"
    done(tagged(tender.officer, "POST", f"{url}/answer", asked.headers["etag"], {"upheld": False, "answer": "否"}))
    made = tender.officer.post(f"{url}/complaints", json={"receivedOn": "2026-05-20"})
    complaint = f"{tender.url}/complaints/{done(made)['id']}"
    refused(tender.officer.post(f"{url}/complaints", json={"receivedOn": "2026-07-20"}), "remedy_late")
    contract = contract_of(tender)
    where = f"/api/v1/contracts/{done(contract)['id']}/signature"
    half = tagged(tender.officer, "PATCH", complaint, made.headers["etag"], {"suspensionOrder": "苏财〔2026〕1号"})
    assert half.status_code == 422
    order = {"suspensionOrder": "苏财〔2026〕1号", "suspendedOn": "2026-05-20"}
    ordered = tagged(tender.officer, "PATCH", complaint, made.headers["etag"], order)
    done(ordered)
    refused(tagged(tender.officer, "POST", where, contract.headers["etag"], {"signedOn": "2026-05-20"}), "signing_held")
    tender.clock.now = DEADLINE + timedelta(days=34)
    done(tagged(tender.officer, "POST", where, contract.headers["etag"], {"signedOn": "2026-06-23"}))
    ended = tagged(
        tender.officer, "PATCH", complaint, ordered.headers["etag"], {"state": "rejected", "decision": "驳回"}
    )
    assert done(ended)["state"] == "rejected"
    refused(tagged(tender.officer, "PATCH", complaint, ended.headers["etag"], {"state": "upheld"}), "remedy_step")


def test_lateness_is_proposed_daily_and_decided_by_people(tender):
    url, answer = signed(tender)
    done(answer)
    for day, expected in ((date(2026, 7, 15), []), (date(2026, 7, 16), [16]), (date(2026, 7, 31), [26, 31, 31])):
        tender.clock.now = tender.clock.now.replace(month=day.month, day=day.day)
        for _ in range(2):
            assert tender.officer.post("/api/v1/contracts/lateness-checks").status_code == 202
            tender.api.run_jobs()
        found = done(tender.officer.get("/api/v1/contracts/lateness-proposals"))["items"]
        assert sorted(one["daysLate"] for one in found) == expected, day
    assert {one["nature"] for one in found} == {"warning"}
    first = f"/api/v1/contracts/lateness-proposals/{found[0]['id']}"
    term = {"number": "苏财购〔2026〕7号", "barredFrom": "2026-08-01", "barredTo": "2027-07-31"}
    refused(tagged(tender.officer, "POST", f"{first}/finance-decision", '"1"', term), "precondition_failed", 412)
    tag = f'"{found[0]["version"]}"'
    refused(tagged(tender.officer, "POST", f"{first}/finance-decision", tag, term), "proposal_decided")
    accepted = done(
        tagged(tender.officer, "POST", f"{first}/decision", tag, {"decision": "accepted", "reason": "逾期"})
    )
    assert (accepted["state"], accepted["nature"]) == ("accepted", "warning")
    tag = f'"{accepted["version"]}"'
    refused(
        tagged(tender.officer, "POST", f"{first}/decision", tag, {"decision": "dismissed", "reason": "改"}),
        "proposal_decided",
    )
    backwards = {**term, "barredTo": "2026-07-01"}
    assert tagged(tender.officer, "POST", f"{first}/finance-decision", tag, backwards).status_code == 422
    barred = done(tagged(tender.officer, "POST", f"{first}/finance-decision", tag, term))
    assert (barred["nature"], barred["barredTo"]) == ("barring", "2027-07-31")
    lists = {one["name"]: one["newest"]["rows"] for one in done(tender.officer.get("/api/v1/credit-lists"))}
    assert lists == {"own-warning": 0, "own-barring": 1}, "a warning until the finance department decided"
    milestones = done(tender.officer.get(f"{url}/milestones"))["items"]
    reached = {"reachedOn": "2026-07-20", "evidence": "进驻记录"}
    one = f"{url}/milestones/{milestones[0]['id']}/reached"
    done(tagged(tender.officer, "POST", one, f'"{milestones[0]["version"]}"', reached))
    assert tagged(tender.officer, "POST", one, '"9"', reached).status_code == 412


def test_a_contract_changes_within_the_plans_limits(tender):
    url, answer = signed(tender)
    tag = answer.headers["etag"]
    change = {
        "classes": ["基础", "增能", "治理"],
        "heads": 60,
        "price": "950000.00",
        "reason": "调整",
        "districtApproval": "区1号",
    }
    body = refused(tagged(tender.officer, "POST", f"{url}/changes", tag, change), "contract_change_refused")
    assert body["detail"] == "city_approval_missing"
    change = {**change, "cityApproval": "市1号"}
    refused(tagged(tender.officer, "POST", f"{url}/changes", tag, {**change, "heads": 59}), "contract_change_refused")
    changed = tagged(tender.officer, "POST", f"{url}/changes", tag, {**change, "heads": 80})
    assert done(changed)["promise"]["heads"] == 80
    refused(
        tagged(tender.officer, "POST", f"{url}/state", changed.headers["etag"], {"state": "held", "reason": "质疑"}),
        "contract_step",
    )
    ended = tagged(
        tender.officer, "POST", f"{url}/state", changed.headers["etag"], {"state": "complete", "reason": "期满"}
    )
    assert done(ended)["state"] == "complete"
    refused(tagged(tender.officer, "POST", f"{url}/changes", ended.headers["etag"], change), "contract_step")
    assert [one["id"] for one in done(tender.bidders[0].client.get("/api/v1/contracts"))["items"]] == [
        url.rsplit("/", 1)[1]
    ]
    assert tender.bidders[1].client.get(url).status_code == 404
    assert contract_of(tender).status_code == 409, "one contract stands for a lot"


def test_an_amendment_is_a_version_that_tells_all_and_moves_the_deadline(api):
    tender = Sealed(api)
    bidder = tender.bidder()
    before = done(tender.officer.get(tender.url))
    tender.clock.now = DEADLINE - timedelta(days=10)
    small = done(tender.officer.post(f"{tender.url}/amendments", json={"text": "更正电话", "affectsBids": False}))
    assert (small["number"], small["deadlineAfter"]) == (1, small["deadlineBefore"])
    large = done(tender.officer.post(f"{tender.url}/amendments", json={"text": "更正要求", "affectsBids": True}))
    assert large["deadlineAfter"] == "2026-05-25T01:30:00Z", "15 days from the change"
    after = done(tender.officer.get(tender.url))
    assert (
        after["bidDeadline"] == large["deadlineAfter"]
        and after["termsSha256"] == large["termsSha256"] != before["termsSha256"]
    )
    assert after["policy"] == before["policy"]
    told = done(bidder.client.get(f"{tender.url}/notices"))["items"]
    amended = [one["content"] for one in told if one["kind"] == "amendment"]
    assert [one["text"] for one in amended] == ["更正电话", "更正要求"]
    sooner = {"text": "x", "affectsBids": False, "bidDeadline": "2026-05-21T01:30:00Z"}
    assert tender.officer.post(f"{tender.url}/amendments", json=sooner).status_code == 422
    later = {**sooner, "bidDeadline": "2026-06-01T01:30:00Z"}
    assert done(tender.officer.post(f"{tender.url}/amendments", json=later))["deadlineAfter"] == "2026-06-01T01:30:00Z"
    assert [one["number"] for one in done(bidder.client.get(f"{tender.url}/amendments"))["items"]] == [1, 2, 3]
    tender.clock.at(0)
    assert bidder.submit().status_code == 201, "the new deadline counts"
    tender.clock.now = DEADLINE + timedelta(days=60)
    assert tender.officer.post(f"{tender.url}/amendments", json={"text": "晚", "affectsBids": False}).status_code == 409


def test_a_years_calendar_puts_provisional_periods_right(api):
    tender = Sealed(api)
    made = tender.officer.post(
        f"{tender.url}/clocks", json={"clock": "decision", "startedOn": "2027-09-28", "subject": "report"}
    )
    assert (done(made)["dueOn"], made.json()["provisional"]) == ("2027-10-05", True)
    year = {
        "year": 2027,
        "holidays": [f"2027-10-0{day}" for day in range(1, 8)],
        "madeUp": ["2027-10-09"],
        "source": "国办发明电〔2026〕1号",
    }
    wrong = tender.officer.post("/api/v1/calendar/years", json={**year, "madeUp": ["2027-10-08"]})
    assert wrong.status_code == 422
    added = done(tender.officer.post("/api/v1/calendar/years", json=year))
    assert added["recomputed"] == 1 and 2027 in added["years"] and 2028 not in added["years"]
    clock = done(tender.officer.get(f"{tender.url}/clocks"))["items"][0]
    assert (clock["dueOn"], clock["provisional"]) == ("2027-10-11", False), (
        "Saturday 9 October is worked, Sunday is not"
    )
    met = tagged(
        tender.officer,
        "POST",
        f"{tender.url}/clocks/{clock['id']}/met",
        f'"{clock["version"]}"',
        {"metOn": "2027-10-08"},
    )
    assert done(met)["metOn"] == "2027-10-08"
    assert done(tender.officer.get("/api/v1/calendar/years"))["items"][0]["source"] == year["source"]


def test_an_open_question_is_due_by_the_calendar_that_was_announced(tender):
    asked = tender.bidders[2].client.post(
        f"{tender.url}/questions", json={"lotId": tender.lot, "text": "评分有误", "knownOn": "2026-05-20"}
    )
    assert done(asked)["answerDueOn"] == "2026-05-29"
    year = {"year": 2026, "holidays": ["2026-05-25", "2026-05-26"], "madeUp": [], "source": "国办发明电〔2026〕1号"}
    done(tender.officer.post("/api/v1/calendar/years", json=year))
    question = f"{tender.url}/questions/{asked.json()['id']}"
    assert done(tender.officer.get(question))["answerDueOn"] == "2026-06-02"
    refused(tender.officer.post(f"{question}/complaints", json={"receivedOn": "2026-06-01"}), "answer_first")


def member(number, **other):
    return {"id": f"expert-{number}", "person": f"p{number}", "seat": "expert", **other}


def test_a_committee_is_refused_with_everything_that_is_wrong(api):
    tender = Sealed(api)
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    for bidder in bidders:
        done(bidder.submit())
    url = f"{tender.url}/committee"
    assert tender.officer.put(url, json={"members": [member(1)]}).status_code == 409, "bidders are not known yet"
    tender.clock.at(0)
    done(tender.close())
    done(tender.open())
    assert tender.officer.get(url).status_code == 404
    tied = member(3, ties=[{"organizationId": bidders[1].id, "tie": "employed_within_3_years"}])
    bad = {"members": [member(1), member(2), tied, member(4)], "attendedOpening": ["p2"]}
    faults = refused(tender.officer.put(url, json=bad), "committee_refused", 422)["errors"]
    assert [(one["code"], one["pointer"]) for one in faults] == [
        ("too_few_members", "/members"),
        ("even_number", "/members"),
        ("attended_opening", "/members/1"),
        ("conflict_of_interest", "/members/2"),
    ]  # fmt: skip
    formed = done(tender.officer.put(url, json={"members": [member(number) for number in range(5)]}))
    assert (formed["number"], len(formed["members"])) == (1, 5)
    bids = done(tender.officer.get(f"{tender.url}/bids"))["items"]
    for bid in bids:
        done(tender.qualify(bid))
    tender.evaluation()
    scores = {bid["id"]: {"technical": "50", "record": "20"} for bid in bids}
    refused(tender.record_sheet(scores, member="passer-by"), "not_on_committee")
    done(tender.record_sheet(scores, member="expert-0"))


def test_plan_and_evaluator_against_the_tenders_policy(api):
    tender = Sealed(api)
    items = ["建立居民家庭需求档案", "社区资源调查盘点并建立资源库"]
    numbers = {"furtherCapacityItems": 2, "largeActivities": 2, "smallActivities": 6, "furtherGovernanceItems": 1}
    community = {"basicItems": 1, "items": items, **numbers}
    plan = {"peopleOrFamilies": 70, "byCaseWork": 34, "communities": [{"name": name, **community} for name in "甲乙丙"]}
    found = {
        one["id"]: one
        for one in done(tender.officer.post(f"{tender.url}/service-plan-checks", json=plan))["requirements"]
    }
    assert (found["people_or_families"]["outcome"], found["people_or_families"]["margin"]) == ("met", "10")
    assert (found["case_work_share"]["outcome"], found["case_work_share"]["observed"]) == ("not_met", "0.4857")
    assert found["communities"]["outcome"] == "undetermined", "原则上"
    body = {"organizationId": tender.organization(), "yearsOfEvaluating": 2, "qualifiedTeam": 3, "related": []}
    checked = done(tender.officer.post(f"{tender.url}/evaluator-checks", json=body))
    assert {one["id"]: one["outcome"] for one in checked["requirements"]}["years_of_evaluating"] == "not_met"
    assert (checked["verdict"], checked["policy"]["id"]) == ("ineligible", "suzhou-evaluator")
    assert done(tender.officer.post(f"{tender.url}/evaluator-checks", json=body)) == checked, "the same to the byte"
    unknown = {**body, "yearsOfEvaluating": 3, "related": None}
    review = done(tender.officer.post(f"{tender.url}/evaluator-checks", json=unknown))
    assert (review["verdict"], review["inputHash"] != checked["inputHash"]) == ("needs_review", True)
    assert tender.api.as_(Role.BIDDER).post(f"{tender.url}/service-plan-checks", json=plan).status_code == 403


def test_a_clarification_is_asked_alike_and_brings_in_nothing_new(api):
    tender = Sealed(api)
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    for bidder in bidders:
        done(bidder.submit())
    tender.clock.at(0)
    done(tender.close())
    bids = {line["organization"]: line["bid"] for line in done(tender.open())["record"]}
    for bidder in bidders[:2]:
        run = tender.screening(bidder.id, "needs_review")
        with api.platform.engine.begin() as connection:
            result = {"requirements": [{"id": "legal_person", "outcome": "undetermined"}]}
            connection.execute(
                text("UPDATE screening SET result = :r WHERE id = :i"), {"r": json.dumps(result), "i": run}
            )
    url = f"{tender.url}/clarifications"
    first, second, third = (bids[bidder.id] for bidder in bidders)
    body = {"lotId": tender.lot, "about": "requirement", "requirement": "legal_person", "bids": [first], "question": "请说明",
            "dueOn": "2026-05-22"}  # fmt: skip
    assert refused(tender.officer.post(url, json=body), "clarification_not_alike")["detail"] == second
    asked = done(tender.officer.post(url, json={**body, "bids": [first, second]}))["items"]
    assert tender.officer.post(url, json={**body, "requirement": None}).status_code == 422
    assert tender.officer.post(url, json={**body, "bids": ["bid_" + "0" * 26]}).status_code == 422
    low = {"lotId": tender.lot, "about": "low_price", "bids": [third], "question": "报价过低", "dueOn": "2026-05-22"}
    done(tender.officer.post(url, json=low))
    own = done(bidders[0].client.get(url))["items"]
    assert [one["id"] for one in own] == [asked[0]["id"]]
    where = f"{url}/{asked[0]['id']}/answer"
    assert bidders[1].client.post(where, json={"answer": "x"}).status_code == 404
    new = {"answer": "补交", "facts": [{"text": "页3", "basis": "in_bid"}, {"text": "新证", "basis": "new"},
           {"text": "登记", "basis": "public_register", "heldSince": "2026-05-21"}]}  # fmt: skip
    faults = refused(bidders[0].client.post(where, json=new), "cure_out_of_scope", 422)["errors"]
    assert [one["pointer"] for one in faults] == ["/facts/1", "/facts/2"]
    good = {"answer": "见登记", "facts": [{"text": "登记", "basis": "public_register", "heldSince": "2026-05-20"}]}
    assert done(bidders[0].client.post(where, json=good))["answer"] == "见登记"
    refused(bidders[0].client.post(where, json=good), "clarification_closed")
    tender.clock.now = DEADLINE + timedelta(days=3)
    refused(bidders[1].client.post(f"{url}/{asked[1]['id']}/answer", json=good), "clarification_closed")


def test_two_officers_award_at_once_and_one_award_stands(api):
    tender = Sealed(api)
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    for number, bidder in enumerate(bidders):
        done(bidder.submit(price=f"{950_000 + number}.00"))
    tender.clock.at(0)
    done(tender.close())
    bids = [{"id": one["bid"], "organizationId": one["organization"]} for one in done(tender.open())["record"]]
    for bid in bids:
        done(tender.qualify(bid))
    tender.evaluation()
    tender.ranked(bids, ("90", "80", "70"))
    scenario = done(tender.scenario(rule="sequential"))["id"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: tender.decide(scenario).status_code, range(2)))
    assert sorted(answers) == [201, 409]
    awards = done(tender.officer.get(f"{tender.url}/awards"))["items"]
    assert [one["state"] for one in awards] == ["active"]
    body = {
        "tenderId": tender.id,
        "award": awards[0]["id"],
        "promise": PROMISE,
        "teamFormedBy": "2026-06-30",
        "stationedBy": "2026-07-05",
    }
    tender.move("active.awarded")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: tender.officer.post("/api/v1/contracts", json=body).status_code, range(2)))
    assert sorted(answers) == [201, 409]


def screened(tender, organization, **outcomes):
    run = tender.screening(organization)
    result = {"requirements": [{"id": name, "outcome": outcome} for name, outcome in outcomes.items()]}
    with tender.api.platform.engine.begin() as connection:
        connection.execute(text("UPDATE screening SET result = :r WHERE id = :i"), {"r": json.dumps(result), "i": run})


def test_a_consortium_is_judged_by_every_member_and_bids_once(api):
    tender = Sealed(api)
    lead, other, third, alone = (tender.bidder(f"机构{number}") for number in range(4))
    url = f"{tender.url}/consortia"
    body = {"lotId": tender.lot, "members": [alone.id], "agreement": "联合体协议"}
    declared = done(lead.client.post(url, json=body))
    assert declared["members"] == [lead.id, alone.id]
    done(api.logged_in(Role.BIDDER, alone.id).post(f"{url}/{declared['id']}/consent"))
    assert lead.client.post(url, json=body).status_code == 409, "once for a lot"
    assert other.client.post(url, json={**body, "members": [other.id]}).status_code == 422
    refused(tender.officer.get(url), "wrong_phase")
    assert done(other.client.get(url))["items"] == []
    for bidder in (lead, other, third, alone):
        done(bidder.submit())
    tender.clock.at(0)
    refused(third.client.post(url, json=body), "wrong_phase")
    done(tender.close())
    bids = {
        line["organization"]: {"id": line["bid"], "organizationId": line["organization"]}
        for line in done(tender.open())["record"]
    }
    assert [one["id"] for one in done(tender.officer.get(url))["items"]] == [declared["id"]]
    body = refused(tender.qualify(bids[lead.id]), "member_bids_twice")
    assert body["article"] == "政府采购法实施条例 第二十二条" and body["detail"] == alone.id
    refused(tender.qualify(bids[alone.id]), "member_bids_twice")
    done(tender.qualify(bids[other.id]))
    screened(tender, lead.id, credit_record="met", full_time_staff="not_met")
    screened(tender, alone.id, credit_record="not_met", full_time_staff="met")
    found = done(tender.officer.get(f"{url}/{declared['id']}/requirements"))["requirements"]
    assert {one["id"]: (one["outcome"], one["members"]) for one in found} == {
        "credit_record": ("not_met", [alone.id]),
        "full_time_staff": ("met", []),
    }
    invalid = {"state": "invalid", "ground": "other", "reason": "联合体成员另行投标"}
    bid = tender.officer.get(f"{tender.url}/bids/{bids[alone.id]['id']}")
    done(tagged(tender.officer, "PATCH", f"{tender.url}/bids/{bids[alone.id]['id']}", bid.headers["etag"], invalid))
    assert refused(qualify_as_screened(tender, bids[lead.id]), "consortium_member_fails")["detail"] == "credit_record"
    screened(tender, alone.id, credit_record="met", full_time_staff="met")
    done(qualify_as_screened(tender, bids[lead.id]))


def qualify_as_screened(tender, bid):
    """Accept what the newest screening proposes."""
    runs = done(
        tender.officer.get(f"/api/v1/screenings?tenderId={tender.id}&organizationId={bid['organizationId']}&limit=100")
    )["items"]
    body = {"bid": bid["id"], "screening": max(run["id"] for run in runs), "state": "active"}
    return tender.officer.post(f"{tender.url}/qualifications", json=body)
