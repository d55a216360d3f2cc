"""A bidder reads the reasons in plain Chinese, and requests manual review (个人信息保护法 第二十四条)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from tests.conftest import Api
from tests.making.dossiers import dossier, line, resident_id
from tests.making.past import before
from tests.making.procedure import Procedure, done, refusal
from tests.making.sealed import with_clock

WHY = "我单位社工人数应为5名，请人工核对花名册"
LOOKED = "已逐行核对花名册与参保证明"


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


@pytest.fixture
def tender(api):
    made = Procedure(api)
    api.platform.clock.at(60)
    made.qualification().organization_id = made.organization("机构甲")
    made.bidder = api.as_(Role.BIDDER, made.organization_id)
    made.second = api.with_key(api.key(Role.OFFICER))
    return made


def ask(tender, screening=None, **other):
    screening = screening or tender.screening(tender.organization_id, "ineligible")
    return tender.bidder.post(f"{tender.url}/reviews", json={"screening": screening, "text": WHY, **other})


def act(client, answer, step, body=None):
    """Take a step on a review based on its last seen version."""
    headers = {"If-Match": answer.headers["etag"]}
    return client.post(f"{answer.headers['location']}/{step}", json=body, headers=headers)


def test_a_review_runs_from_the_question_to_a_persons_answer(tender):
    asked = ask(tender)
    made = done(asked)
    assert (made["state"], made["askedOn"], made["dueOn"], made["overdue"]) == (
        "asked",
        "2026-05-20",
        "2026-05-29",
        False,
    )
    assert made["article"] == "个人信息保护法 第二十四条"
    taken = act(tender.second, asked, "take-up")
    assert (done(taken)["state"], taken.json()["officer"] is not None) == ("taken_up", True)
    decided = act(tender.second, taken, "decision", {"outcome": "upheld", "reason": LOOKED})
    assert (done(decided)["state"], decided.json()["reason"]) == ("upheld", LOOKED)
    assert decided.json()["decidedBy"] == taken.json()["officer"]
    seen = done(tender.bidder.get(asked.headers["location"]))
    assert (seen["state"], seen["reason"]) == ("upheld", LOOKED)
    events = {
        one["event"]: one for one in done(tender.api.as_(Role.AUDITOR).get("/api/v1/audit?chain=" + tender.id))["items"]
    }
    for event in (Event.BIDDER_REVIEW_ASK, Event.OFFICER_REVIEW_TAKE_UP, Event.OFFICER_REVIEW_DECIDE):
        assert events[event.value]["subjectId"] == made["id"]
    clock = next(one for one in done(tender.bidder.get(f"{tender.url}/clocks"))["items"] if one["clock"] == "review")
    assert (clock["days"], clock["metOn"]) == (7, "2026-05-20")


def test_a_changed_result_cites_what_changed_it(tender):
    asked = ask(tender)
    review = done(asked)["id"]
    taken = act(tender.second, asked, "take-up")
    change = {"outcome": "changed", "reason": LOOKED}
    assert refusal(act(tender.second, taken, "decision", change)) == (
        422, "invalid_input", ("nothing_changed", "/outcome"),
    )  # fmt: skip
    bid = tender.bid(organization=tender.organization_id)
    qualified = done(tender.qualify(bid, "active", "ineligible", reason=LOOKED, review=review))
    assert qualified["review"] == review
    decided = done(act(tender.second, taken, "decision", change))
    assert (decided["state"], decided["qualifications"], decided["screenings"]) == ("changed", [qualified["id"]], [])
    other = tender.qualify(tender.bid(), "active", review=review)
    assert refusal(other) == (422, "invalid_input", ("unknown_review", "/review"))


def test_a_pending_qualification_is_decided_because_of_a_review(tender):
    bid = tender.bid(organization=tender.organization_id)
    clarification = {"question": "请说明", "dueOn": "2026-05-28"}
    pending = done(tender.qualify(bid, "pending", "needs_review", clarification=clarification))
    review = done(ask(tender))["id"]
    url, tag = f"{tender.url}/qualifications/{pending['id']}", {"If-Match": f'"{pending["version"]}"'}
    body = {
        "state": "active",
        "reason": LOOKED,
        "review": review,
        "screening": tender.screening(tender.organization_id),
    }
    assert done(tender.officer.patch(url, json=body, headers=tag))["review"] == review


def test_whoever_decided_first_looks_again_only_where_nobody_else_can(tender):
    bid = tender.bid(organization=tender.organization_id)
    first = done(tender.qualify(bid, "unsuccessful", "ineligible"))
    asked = ask(tender, first["screening"])
    taken = act(tender.officer, asked, "take-up")
    alone = {"outcome": "upheld", "reason": LOOKED}
    assert refusal(act(tender.officer, taken, "decision", alone)) == (
        422, "invalid_input", ("same_officer", "/sameOfficerReason"),
    )  # fmt: skip
    decided = act(tender.officer, taken, "decision", {**alone, "sameOfficerReason": "本机构仅一名经办人"})
    assert done(decided)["sameOfficerReason"] == "本机构仅一名经办人"


def test_what_is_overdue_is_seen(tender):
    asked = ask(tender)
    review = done(asked)["id"]
    tender.api.platform.clock.now += timedelta(days=14)
    assert done(tender.bidder.get(asked.headers["location"]))["overdue"] is True
    late = done(tender.officer.get(f"{tender.url}/reviews?overdue=true"))["items"]
    assert [one["id"] for one in late] == [review]
    assert done(tender.officer.get(f"{tender.url}/reviews?overdue=false"))["items"] == []
    decided = act(
        tender.second, act(tender.second, asked, "take-up"), "decision", {"outcome": "upheld", "reason": LOOKED}
    )
    assert done(decided)["overdue"] is False
    assert done(tender.officer.get(f"{tender.url}/reviews?overdue=true"))["items"] == []


def test_others_find_nothing(tender):
    asked = ask(tender)
    other = tender.api.as_(Role.BIDDER, tender.organization("机构乙"))
    assert other.get(asked.headers["location"]).status_code == 404
    assert done(other.get(f"{tender.url}/reviews"))["items"] == []
    assert act(other, asked, "withdraw").status_code == 404
    assert refusal(other.post(f"{tender.url}/reviews", json={"screening": asked.json()["screening"], "text": WHY})) == (
        422, "invalid_input", ("unknown_screening", "/screening"),
    )  # fmt: skip
    unknown = new_id("scr")
    absent = other.post(f"{tender.url}/reviews", json={"screening": unknown, "text": WHY})
    there = other.post(f"{tender.url}/reviews", json={"screening": asked.json()["screening"], "text": WHY})
    assert {key: value for key, value in absent.json().items() if key != "requestId"} == {
        key: value for key, value in there.json().items() if key != "requestId"
    }, "what exists and what doesn't are told alike"
    assert other.get(f"/api/v1/screenings/{asked.json()['screening']}/explanation").status_code == 404


def test_one_review_of_a_screening_is_open_and_steps_are_in_order(tender):
    asked = ask(tender)
    assert refusal(ask(tender, asked.json()["screening"])) == (409, "review_open")
    assert refusal(act(tender.second, asked, "decision", {"outcome": "upheld", "reason": LOOKED}))[:2] == (
        409,
        "review_step",
    )
    assert tender.second.post(f"{asked.headers['location']}/take-up").status_code == 428
    assert act(tender.bidder, asked, "take-up").status_code == 403
    assert tender.api.as_(Role.CLIENT).post(f"{asked.headers['location']}/take-up").status_code == 403
    assert done(act(tender.bidder, asked, "withdraw"))["state"] == "withdrawn"
    assert refusal(act(tender.bidder, asked, "withdraw"))[:2] == (409, "review_step")
    again = ask(tender, asked.json()["screening"])
    assert done(again)["state"] == "asked", "a withdrawn one doesn't stand in the way"
    assert refusal(ask(tender, requirements=["full_time_staff", "nothing"]))[2:] == (
        ("unknown_requirement", "/requirements/0"),
        ("unknown_requirement", "/requirements/1"),
    )


def test_the_days_are_a_setting(platform):
    settings = platform.settings.model_copy(update={"review_working_days": 3})
    running, _ = with_clock(platform)
    with Api(replace(running, settings=settings)) as api:
        tender = Procedure(api)
        tender.organization_id = tender.organization("机构甲")
        tender.bidder = api.as_(Role.BIDDER, tender.organization_id)
        assert done(ask(tender))["dueOn"] == "2026-05-07", "1 to 5 May are holidays"


@pytest.fixture
def real(api):
    """A published tender with two bidders whose dossiers were extracted; they share a person."""
    officer = api.as_(Role.OFFICER)
    for name in ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal"):
        files = {"file": (f"{name}.csv", b"name,uscc,former_names,kind,from,to,reason,document\n")}
        done(
            officer.post(
                f"/api/v1/credit-lists/{name}/snapshots",
                files=files,
                data={"retrievedAt": "2026-04-20", "allowEmpty": "true"},
            )
        )
    body = {"policy": "suzhou-current", "bidDeadline": "2026-05-20T09:30:00+08:00", "assurance": "declared"}
    with before(api.platform, body["bidDeadline"]):
        tender = done(officer.post("/api/v1/tenders", json=body))["id"]
        done(officer.post(f"/api/v1/tenders/{tender}/publish"))
    one = data_of(1, "苏州市甲社会工作服务社", first=1)
    two = data_of(2, "苏州市乙社会工作服务社", first=8)
    two["organization"]["registration"]["validTo"] = "2026-01-31"
    ids = [organization(officer, data) for data in (one, two)]
    for identifier in ids:
        done(officer.post("/api/v1/screenings", json={"tenderId": tender, "organizationId": identifier}))
    screening = done(officer.post("/api/v1/screenings", json={"tenderId": tender, "organizationId": ids[1]}))
    api.platform.clock.at(60)
    done(officer.post(f"/api/v1/tenders/{tender}/move", json={"to": "active.qualification"}))
    return api, tender, ids, screening["id"]


def data_of(number, name, first):
    data = dossier(number, name, first=first)
    data["organization"]["registration"] |= {"validFrom": "2024-01-01", "validTo": "2027-12-31"}
    for one in data["roster"]:
        one["socialInsurance"] = {"payer": name, "from": "2016-01", "to": "2026-05"}
    return data


def organization(officer, data):
    made = done(
        officer.post("/api/v1/organizations", json={key: data["organization"][key] for key in ("name", "identifier")})
    )
    headers = {"content-type": "application/json"}
    done(officer.put(f"/api/v1/organizations/{made['id']}/dossier", content=json.dumps(data), headers=headers))
    return made["id"]


def test_why_is_told_in_plain_chinese_about_oneself_alone(real):
    api, _, ids, screening = real
    bidder = api.as_(Role.BIDDER, ids[1])
    told = done(bidder.get(f"/api/v1/screenings/{screening}/explanation"))
    text = told["text"]
    assert told["verdict"] == "ineligible"
    expired = next(one for one in told["requirements"] if one["id"] == "registration_valid")
    assert expired["outcome"] == "not_met"
    assert "登记有效期至2026-01-31" in expired["text"] and "不符合" in expired["text"]
    assert any("申报材料中的登记证书有效期截止日" in place for place in expired["evidence"])
    assert expired["legalBasis"] and expired["whatWouldHelp"]
    full = next(one for one in told["requirements"] if one["id"] == "full_time_staff")
    assert "要求8名，计入7名，存疑1名" in full["text"]
    assert [one["line"] for one in told["staff"]] == [1, 5, 6, 7, 8], "and four without a certificate"
    assert "同时出现在其他投标人的花名册上" in told["staff"][0]["text"]
    assert "人工复核" in told["rights"] and told["review"].endswith("/reviews")
    for foreign in ("甲社会工作", ids[0], line(1)["name"], resident_id(8), resident_id(9), "公开线索"):
        assert foreign not in json.dumps(told, ensure_ascii=False)
    assert "{" not in text and "None" not in text
    assert api.as_(Role.BIDDER, ids[0]).get(f"/api/v1/screenings/{screening}/explanation").status_code == 404


def test_every_requirement_of_a_screening_is_explained(real):
    api, _, _, screening = real
    officer = api.as_(Role.OFFICER)
    told = done(officer.get(f"/api/v1/screenings/{screening}/explanation"))
    result = done(officer.get(f"/api/v1/screenings/{screening}"))
    assert [one["id"] for one in told["requirements"]] == [one["id"] for one in result["requirements"]]
    for one, answered in zip(told["requirements"], result["requirements"], strict=True):
        assert len(one["found"]) == len(answered["reasons"])
        assert one["title"] in told["text"]


def test_a_new_screening_is_made_because_of_a_review(real):
    api, tender, ids, screening = real
    bidder, officer = api.as_(Role.BIDDER, ids[1]), api.as_(Role.OFFICER)
    url = f"/api/v1/tenders/{tender}/reviews"
    asked = bidder.post(url, json={"screening": screening, "text": WHY, "requirements": ["registration_valid"]})
    review = done(asked)["id"]
    body = {"tenderId": tender, "organizationId": ids[1], "review": review}
    again = done(officer.post("/api/v1/screenings", json=body))["id"]
    listed = done(officer.get(f"/api/v1/screenings?tenderId={tender}&organizationId={ids[1]}"))["items"]
    assert {one["id"]: one["review"] for one in listed}[again] == review
    assert done(bidder.get(f"{url}/{review}"))["screenings"] == [again]
    foreign = officer.post("/api/v1/screenings", json={**body, "organizationId": ids[0]})
    assert refusal(foreign) == (422, "invalid_input", ("unknown_review", "/review"))
    second = api.with_key(api.key(Role.OFFICER))
    decided = act(second, act(second, asked, "take-up"), "decision", {"outcome": "changed", "reason": LOOKED})
    assert done(decided)["state"] == "changed"
    late = officer.post("/api/v1/screenings", json=body)
    assert refusal(late) == (422, "invalid_input", ("unknown_review", "/review")), "it is decided"
