"""Flags over HTTP: computed repeatedly, decided by officers, reopened by new evidence, linked across tenders."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.core.procedure.tender_state import TenderState
from app.examination.integrity.service import COMPUTE_JOB
from app.examination.integrity.tables import Flag, FlagSubject
from app.platform.access.roles import Role
from app.platform.jobs.tables import Job
from tests.examination.integrity.conftest import Compared
from tests.making.dossiers import line, resident_id
from tests.making.procedure import Procedure, done, refusal

SHARED = resident_id(500)


def worker(payer="", **other):
    return {**line(500, payer), "residentId": SHARED, **other}


def with_worker(**other):
    def change(data):
        data["roster"].append(worker(data["organization"]["name"], **other))

    return change


def with_head(number, change=lambda data: None):
    def changed(data):
        data["organization"]["legalRepresentative"] = {"name": "某某", "residentId": resident_id(number)}
        change(data)

    return changed


def test_one_person_on_two_rosters(tender):
    first, second, *_ = tender.four(with_worker(), with_worker(name=" 员工甲 "))
    assert tender.compute() == {"leads": 1, "new": 1, "reopened": 0, "gone": 0}
    flag = tender.flag("same_person_two_bidders")
    assert (flag["strength"], flag["state"], flag["current"]) == ("fact", "open", True)
    assert flag["subjects"] == sorted([first, second])
    assert flag["article"] == "财政部令第87号 第三十七条第（三）项"
    assert {(one["organizationId"], one["pointer"]) for one in flag["evidence"]} == {
        (first, "/roster/8"),
        (second, "/roster/8"),
    }
    assert SHARED not in json.dumps(flag) and "320508********" in flag["message"]["zh"]
    assert flag["innocentExplanation"]["en"]
    assert done(tender.officer.get(f"/api/v1/flags/{flag['id']}")) == flag


def test_the_same_facts_again_change_nothing(tender):
    tender.four(with_worker(), with_worker())
    tender.compute()
    before = tender.flags()
    assert tender.compute() == {"leads": 1, "new": 0, "reopened": 0, "gone": 0}
    assert tender.flags() == before


def test_a_disposition_stands_until_new_evidence_comes(tender):
    first, _, third, _ = tender.four(with_worker(), with_worker())
    tender.compute()
    made = done(tender.dispose(tender.flag("same_person_two_bidders")))
    assert (made["number"], made["finding"]) == (1, "dismissed")
    moved = {**tender.dossiers[first]}
    moved["roster"] = moved["roster"][::-1]  # the line has another position: the same evidence
    tender.put(first, moved)
    assert tender.compute()["reopened"] == 0
    assert tender.flag("same_person_two_bidders")["state"] == "dismissed"
    tender.put(third, {**tender.dossiers[third], "roster": [*tender.dossiers[third]["roster"], worker()]})
    assert tender.compute()["reopened"] == 1
    flag = tender.flag("same_person_two_bidders")
    assert flag["state"] == "open" and flag["reopenedAt"] and third in flag["subjects"]
    confirmed = done(tender.dispose(flag, "confirmed", "三家均承认"))
    assert confirmed["number"] == 2
    history = done(tender.officer.get(f"/api/v1/flags/{flag['id']}/dispositions"))["items"]
    assert [one["finding"] for one in history] == ["dismissed", "confirmed"]


def test_a_person_decides_on_what_was_read(tender):
    tender.four(with_worker(), with_worker())
    tender.compute()
    flag = tender.flag("same_person_two_bidders")
    assert refusal(tender.dispose({**flag, "evidenceHash": "0" * 64})) == (409, "evidence_changed")
    assert tender.dispose(flag, reason="").status_code == 422
    assert tender.dispose(flag, finding="open").status_code == 422


def test_a_flag_whose_facts_are_gone_stays_but_does_nothing(tender):
    first, *_ = tender.four(with_worker(), with_worker())
    tender.compute()
    tender.put(first, {**tender.dossiers[first], "roster": tender.dossiers[first]["roster"][:-1]})
    assert tender.compute() == {"leads": 0, "new": 0, "reopened": 0, "gone": 1}
    assert tender.flag("same_person_two_bidders")["current"] is False
    assert tender.flags(current=True) == []


def test_a_dismissed_flag_clears_the_line_in_later_screenings(tender):
    first, second, *_ = tender.four(with_worker(), with_worker())

    def codes():
        asked = {"tenderId": tender.id, "assurance": "declared", "asOf": "2017-05-31"}
        for organization in (second, first):
            made = done(tender.officer.post("/api/v1/screenings", json={**asked, "organizationId": organization}))
        assert done(tender.officer.post(f"/api/v1/screenings/{made['id']}/replay"))["identical"]
        return made["staff"][8]["codes"]

    assert "on_other_dossier" in codes()
    tender.compute()
    assert "on_other_dossier" in codes()
    done(tender.dispose(tender.flag("same_person_two_bidders"), "confirmed", "已核实"))
    assert "on_other_dossier" in codes()
    done(tender.dispose(tender.flag("same_person_two_bidders")))
    assert "on_other_dossier" not in codes()


def test_one_head_holds_the_qualification_up_until_decided(tender):
    first, second, third, _ = tender.four(with_head(600), with_head(600), with_head(601))
    tender.compute()
    flag = tender.flag("same_person_in_charge")
    assert (flag["blocks"], flag["article"], flag["lots"]) == (True, "政府采购法实施条例 第十八条", [tender.lot])
    bids = {bid["organizationId"]: bid for bid in done(tender.officer.get(f"{tender.url}/bids"))["items"]}
    for organization in (first, second):
        held = tender.qualify(bids[organization])
        assert refusal(held) == (409, "flag_undecided") and flag["id"] in held.json()["detail"]
    assert (
        tender.qualify(bids[second], "unsuccessful", "ineligible").status_code == 201
    )  # may be refused on other grounds
    assert tender.qualify(bids[third]).status_code == 201
    done(tender.dispose(flag, "confirmed", "同一法定代表人"))
    assert tender.qualify(bids[first]).status_code == 201


def test_one_head_in_two_lots_is_a_weak_lead_that_holds_nothing_up(tender):
    changes = (with_head(600), with_head(600), with_head(601), with_head(602))
    bidders = [tender.bidder(change, lot=place % 2) for place, change in enumerate(changes)]
    tender.compute()
    flag = tender.flag("same_person_in_charge")
    assert (flag["strength"], flag["blocks"], flag["lots"]) == ("weak", False, [])
    bid = done(tender.officer.get(f"{tender.url}/bids"))["items"][0]
    assert bid["organizationId"] in bidders and tender.qualify(bid).status_code == 201


def test_the_same_pair_again_is_said_so(client, tender):
    first, second, *_ = tender.four(with_worker(), with_worker())
    tender.compute()
    earlier = tender.flag("same_person_two_bidders")
    assert earlier["earlier"] == []
    later = Compared(client)
    for organization in (first, second, tender.organization("某某社"), tender.organization("另一社")):
        done(later.record_bid(organization))
    later.compute()
    (told,) = later.flag("same_person_two_bidders")["earlier"]
    assert (told["flag"], told["tenderId"], told["subjects"]) == (earlier["id"], tender.id, sorted([first, second]))


def test_a_lead_of_a_practice_tender_is_not_shown_in_a_real_one(client, tender):
    tender.four(with_worker(), with_worker())
    tender.compute()
    body = {"policy": "suzhou-current", "practice": True, "bidDeadline": "2027-05-20T09:30:00+08:00"}
    rehearsed = done(tender.officer.post("/api/v1/tenders", json=body))["id"]
    real = tender.flag("same_person_two_bidders")
    with client.platform.work() as work:
        row = work.get(Flag, real["id"])
        columns = {column.key: getattr(row, column.key) for column in Flag.__table__.columns}
        own = {**columns, "id": f"{real['id'][:-1]}x", "tender_id": rehearsed, "lead_id": "practised"}
        work.session.add(Flag(**own))
        work.session.flush()
        for organization in real["subjects"]:
            work.session.add(FlagSubject(flag_id=own["id"], organization_id=organization))
        work.commit()
    assert tender.flag("same_person_two_bidders")["earlier"] == []


def test_the_graph(tender):
    first, second, *_ = tender.four(with_head(600, with_worker()), with_head(600, with_worker()))
    tender.compute()
    graph = done(tender.officer.get(f"{tender.url}/flags/graph"))
    kinds = [node["kind"] for node in graph["nodes"]]
    assert (kinds.count("bidder"), kinds.count("person")) == (2, 2)
    assert {edge["source"] for edge in graph["edges"]} == {first, second}
    assert {edge["code"] for edge in graph["edges"]} == {"same_person_two_bidders", "same_person_in_charge"}
    assert {node["label"] for node in graph["nodes"] if node["kind"] == "bidder"} == {
        tender.dossiers[one]["organization"]["name"] for one in (first, second)
    }


def test_traces_of_submission_are_compared(tender):
    first, second, *_ = tender.four()
    url = f"{tender.url}/submission-traces"
    trace = {
        "networkAddress": "58.210.7.8",
        "client": "Mozilla/5.0",
        "bondAccount": "32500000 1111 2222",
        "submittedAt": "2026-05-19T10:00:00+08:00",
        "reason": "交易平台提供",
    }
    for organization in (first, second):
        made = done(
            tender.officer.post(
                url,
                json={"organizationId": organization, "lotId": tender.lot, **trace, "agent": {"residentId": SHARED}},
            )
        )
        assert made["given"] == ["agent", "bondAccount", "client", "networkAddress", "submittedAt"]
    assert len(done(tender.officer.get(url))["items"]) == 2
    unknown = tender.officer.post(url, json={"organizationId": tender.id.replace("ten_", "org_"), "reason": "平台"})
    assert refusal(unknown) == (422, "invalid_input", ("unknown_organization", "/organizationId"))
    lot = first.replace("org_", "lot_")
    unknown = tender.officer.post(url, json={"organizationId": first, "lotId": lot, "reason": "平台"})
    assert refusal(unknown) == (422, "invalid_input", ("unknown_lot", "/lotId"))
    tender.compute()
    told = {flag["code"]: flag["strength"] for flag in tender.flags()}
    assert told == {"same_network_address": "strong", "same_bond_account": "fact", "same_agent": "fact"}
    assert "11112222" not in json.dumps(tender.flags())


def test_leads_wait_for_the_opening(client):
    tender = Procedure(client)
    assert refusal(tender.officer.post(f"{tender.url}/flags")) == (409, "wrong_phase")
    assert refusal(tender.officer.get(f"{tender.url}/submission-traces")) == (409, "wrong_phase")
    tender.move(TenderState.QUALIFICATION)
    assert tender.officer.post(f"{tender.url}/flags").status_code == 202


@pytest.mark.sqlite_only
def test_nobody_but_the_agency_sees_flags_and_only_officers_decide(client, tender):
    first, *_ = tender.four(with_worker(), with_worker())
    tender.compute()
    flag = tender.flag("same_person_two_bidders")
    bidder = client.as_(Role.BIDDER, first)
    for path in (f"{tender.url}/flags", f"{tender.url}/flags/graph", f"/api/v1/flags/{flag['id']}"):
        assert bidder.get(path).status_code == 403
        assert client.as_(Role.AUDITOR).get(path).status_code == 200
    body = {"finding": "dismissed", "reason": "无", "evidenceHash": flag["evidenceHash"]}
    program = client.as_(Role.CLIENT).post(f"/api/v1/flags/{flag['id']}/dispositions", json=body)
    assert program.status_code == 403


@pytest.mark.sqlite_only
def test_flags_can_be_asked_for_by_kind(tender):
    tender.four(with_head(600, with_worker()), with_head(600, with_worker()))
    tender.compute()
    assert {flag["code"] for flag in tender.flags(strength="fact", state="open")} == {
        "same_person_two_bidders",
        "same_person_in_charge",
    }
    assert tender.flags(state="confirmed") == tender.flags(code="same_phone") == []
    assert tender.officer.get(f"{tender.url}/flags", params={"state": "no"}).status_code == 422


@pytest.mark.sqlite_only
def test_what_was_done_is_on_the_trail(client, tender):
    tender.four(with_worker(), with_worker())
    tender.compute()
    done(tender.dispose(tender.flag("same_person_two_bidders")))
    trail = done(client.as_(Role.AUDITOR).get("/api/v1/audit", params={"chain": tender.id, "limit": 200}))
    events = [event["event"] for event in trail["items"]]
    for expected in ("officer:flags:ask", "worker:flag:raise", "worker:flags:compute", "officer:flag:dispose"):
        assert expected in events
    assert SHARED not in json.dumps(trail)


def test_two_runs_at_once_raise_each_lead_once(tender):
    tender.four(with_worker(), with_worker())
    for _ in range(2):
        done(tender.officer.post(f"{tender.url}/flags"))
    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(lambda _: tender.api.run_jobs(), range(2))) >= 2
    assert [flag["code"] for flag in tender.flags()] == ["same_person_two_bidders"]
    with tender.api.platform.work() as work:
        states = set(work.session.scalars(select(Job.state).where(Job.kind == COMPUTE_JOB)))
    assert states == {"succeeded"}
