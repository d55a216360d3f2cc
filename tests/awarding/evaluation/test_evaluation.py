"""Score sheets and rankings over HTTP: members score independently, rankings are stored with their input."""

import threading

import pytest
from sqlalchemy import update

from app.awarding.evaluation.tables import StoredRanking
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from tests.making.procedure import SCHEME, Procedure, done, refusal, split


@pytest.fixture
def tender(client):
    return Procedure(client).qualification()


def bids_of(tender, *prices):
    bids = [tender.qualified_bid(price) for price in prices]
    tender.evaluation()
    return bids


def totals(ranking):
    return [(row["bid"], row["rank"], row["priceScore"], row["total"], row["decidedBy"]) for row in ranking["rows"]]


def test_the_worked_example_through_the_api(tender):
    """Weight 10: A 980,000, B 1,000,000, C 950,000 give 9.69, 9.50 and 10.00."""
    a, b, c = bids_of(tender, "980000.00", "1000000.00", "950000.00")
    ranking = tender.ranked([a, b, c], ["80", "82", "79"])
    assert (ranking["status"], ranking["benchmark"], ranking["number"]) == ("ranked", "950000.00", 1)
    assert totals(ranking) == [
        (b["id"], 1, "9.50", "91.50", "total"),
        (a["id"], 2, "9.69", "89.69", "total"),
        (c["id"], 3, "10.00", "89.00", "total"),
    ]
    assert done(tender.officer.get(f"/api/v1/lots/{tender.lot}/ranking")) == ranking
    assert done(tender.officer.get(f"/api/v1/rankings/{ranking['id']}")) == ranking


def test_the_worked_example_with_a_deduction(tender):
    """B with 10 % off: 900,000 is the benchmark; 9.18, 10.00, 9.47."""
    a, c = tender.qualified_bid("980000.00"), tender.qualified_bid("950000.00")
    b = tender.qualified_bid("1000000.00", deduction="0.1")
    tender.evaluation()
    ranking = tender.ranked([a, b, c], ["80", "80", "80"])
    assert ranking["benchmark"] == "900000.00"
    assert {row["bid"]: row["priceScore"] for row in ranking["rows"]} == {
        a["id"]: "9.18",
        b["id"]: "10.00",
        c["id"]: "9.47",
    }


def test_a_price_over_the_ceiling_is_out_and_out_of_the_benchmark(tender):
    bids = bids_of(tender, "980000.00", "990000.00", "995000.00", "1000000.01")
    ranking = tender.ranked(bids, ["80", "81", "82", "90"])
    assert ranking["benchmark"] == "980000.00"
    assert ranking["excluded"] == [{"bid": bids[3]["id"], "code": "over_ceiling"}]
    assert bids[3]["id"] not in {row["bid"] for row in ranking["rows"]}


def test_equal_totals_go_to_the_lower_price_and_then_tie(tender):
    """92.50 at 950,000 before 92.50 at 980,000; equal in both: tied, and the next rank skips."""
    cheap = tender.qualified_bid("950000.00")
    equal = [tender.qualified_bid("1000000.00") for _ in range(2)]
    dear = tender.qualified_bid("1000000.00")
    tender.evaluation()
    ranking = tender.ranked([cheap, *equal, dear], ["82.50", "83.00", "83.00", "70.00"])
    assert totals(ranking) == [
        (cheap["id"], 1, "10.00", "92.50", "price"),
        *((bid["id"], 2, "9.50", "92.50", "tied") for bid in equal),
        (dear["id"], 4, "9.50", "79.50", "total"),
    ]


def test_two_qualified_of_three_and_the_lot_fails(tender):
    bids = [tender.qualified_bid(price) for price in ("980000.00", "970000.00")]
    out = tender.bid("960000.00")
    done(tender.qualify(out, "unsuccessful", "ineligible"))
    tender.evaluation()
    ranking = done(tender.rank())
    assert (ranking["status"], ranking["reason"], ranking["rows"]) == ("failed", "too_few_bidders", [])
    assert ranking["excluded"] == [{"bid": out["id"], "code": "not_qualified"}]
    assert bids


def test_the_published_notice(client):
    """Five bidders, three members: 97.17, 94.85, 93.13, 87.31, 76.10."""
    totals_of = ["96.0 97.0 98.5", "92.52 94.52 97.52", "91.46 91.46 96.46", "85.14 86.14 90.64", "71.43 76.43 80.43"]
    factor = {"id": "all", "title": {"zh": "合计", "en": "All"}, "points": "100", "objective": False, "technical": True}
    scheme = {**SCHEME, "price": {"points": "0", "formula": "fixed"}, "factors": [factor]}
    tender = Procedure(client, scheme=scheme).qualification()
    bids = bids_of(tender, *["1000000.00"] * 5)
    for seat, member in enumerate(("m1", "m2", "m3")):
        given = {bid["id"]: {"all": line.split()[seat]} for bid, line in zip(bids, totals_of, strict=True)}
        done(tender.record_sheet(given, member))
    rows = done(tender.rank())["rows"]
    assert [row["total"] for row in rows] == ["97.17", "94.85", "93.13", "87.31", "76.10"]
    assert [row["bid"] for row in rows] == [bid["id"] for bid in bids]


def test_an_undecided_bid_holds_the_ranking_up(tender):
    bids = [tender.qualified_bid() for _ in range(3)]
    waiting = tender.bid()
    tender.evaluation()
    tender.sheet({bid["id"]: "80" for bid in bids})
    answer = tender.rank()
    assert refusal(answer) == (409, "qualification_open")
    assert answer.json()["article"] == "财政部令第87号 第四十四条"
    done(tender.qualify(waiting, "unsuccessful", "ineligible"))
    assert done(tender.rank())["status"] == "ranked"


def test_what_stands_against_a_ranking_is_told_all_at_once(tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    assert refusal(tender.rank()) == (422, "ranking_refused", ("no_member", "/bids"))
    first, second, third = (bid["id"] for bid in bids)
    done(tender.record_sheet({first: split("70"), second: split("70")}, "m1"))
    done(tender.record_sheet({first: {"technical": "50", "record": "29"}, third: split("60")}, "m2"))
    assert refusal(tender.rank()) == (
        422,
        "ranking_refused",
        ("objective_disagreement", f"/bids/{first}"),
        ("score_missing", f"/bids/{second}/scores/m2/technical"),
        ("score_missing", f"/bids/{second}/scores/m2/record"),
        ("score_missing", f"/bids/{third}/scores/m1/technical"),
        ("score_missing", f"/bids/{third}/scores/m1/record"),
    )
    assert tender.officer.get(f"/api/v1/lots/{tender.lot}/ranking").status_code == 404


def test_a_sheet_holds_points_of_this_lot_and_scheme_in_range(client):
    tender = Procedure(client, lots=2).qualification()
    (bid,), other = bids_of_one(tender), tender.lots[1]
    elsewhere = new_id("bid")
    answer = tender.record_sheet(
        {bid["id"]: {"technical": "60.01", "record": "30", "beauty": "1"}, elsewhere: {"technical": "1"}}
    )
    assert refusal(answer) == (
        422,
        "invalid_input",
        ("score_out_of_range", f"/scores/{bid['id']}/technical"),
        ("unknown_factor", f"/scores/{bid['id']}/beauty"),
        ("unknown_bid", f"/scores/{elsewhere}"),
    )
    assert refusal(tender.record_sheet({bid["id"]: split("80")}, lot=other))[2][0] == "unknown_bid"


def bids_of_one(tender):
    return bids_of(tender, "980000.00")


@pytest.mark.parametrize("points", ["NaN", "-1", "1e2", "1" + "0" * 400, "50.1234567", "", " 5"])
@pytest.mark.sqlite_only
def test_what_is_no_score_is_refused_with_its_place(tender, points):
    (bid,) = bids_of_one(tender)
    answer = tender.record_sheet({bid["id"]: {"technical": points}})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/scores/{bid['id']}/technical"]


PUT_RIGHT = {"ground": "arithmetic", "reason": "小计相加有误"}


def test_a_submitted_sheet_is_final_and_stays_beside_the_one_that_puts_it_right(tender):
    (bid,) = bids_of_one(tender)
    first = tender.sheet({bid["id"]: "80"})
    assert refusal(tender.record_sheet({bid["id"]: split("81")})) == (409, "score_sheet_exists")
    changed = {bid["id"]: split("81")}
    assert refusal(tender.record_sheet(changed, replaces=first["id"])) == (409, "scores_closed")
    assert refusal(tender.record_sheet(changed, replaces=first["id"], ground="arithmetic")) == (409, "scores_closed")
    second = done(tender.record_sheet(changed, replaces=first["id"], **PUT_RIGHT))
    again = tender.record_sheet({bid["id"]: split("82")}, replaces=first["id"], **PUT_RIGHT)
    assert refusal(again) == (409, "score_sheet_exists")
    listed = done(tender.officer.get(f"/api/v1/lots/{tender.lot}/score-sheets"))["items"]
    assert [(sheet["id"], sheet["replacedBy"]) for sheet in listed] == [
        (first["id"], second["id"]),
        (second["id"], None),
    ]
    assert listed[0]["scores"] == first["scores"]


def test_after_the_ranking_scores_change_on_four_grounds_only(tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    sheet = tender.sheet({bid["id"]: "80" for bid in bids})
    before = done(tender.rank())
    scores = {bids[0]["id"]: split("85"), **{bid["id"]: split("80") for bid in bids[1:]}}
    answer = tender.record_sheet(scores, replaces=sheet["id"])
    assert refusal(answer) == (409, "scores_closed")
    assert answer.json()["article"] == "财政部令第87号 第六十四条"
    done(tender.record_sheet(scores, replaces=sheet["id"], ground="arithmetic", reason="小计相加有误"))
    assert done(tender.officer.get(f"/api/v1/lots/{tender.lot}/ranking")) == before
    after = done(tender.rank())
    assert (after["number"], after["rows"][0]["bid"]) == (2, bids[0]["id"])
    assert done(tender.officer.get(f"/api/v1/rankings/{before['id']}")) == before
    listed = done(tender.officer.get(f"/api/v1/lots/{tender.lot}/rankings"))["items"]
    assert [one["id"] for one in listed] == [after["id"], before["id"]]


def test_members_score_alone_until_the_lot_is_ranked(client, tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    one, two = (client.with_key(client.key(Role.EVALUATOR, lots=tender.lots)) for _ in range(2))
    address = f"/api/v1/lots/{tender.lot}/score-sheets"
    body = {"scores": {bid["id"]: split("80") for bid in bids}}
    mine = done(one.post(address, json=body))
    theirs = done(two.post(address, json=body))
    assert mine["member"] != theirs["member"]
    assert [sheet["id"] for sheet in done(one.get(address))["items"]] == [mine["id"]]
    assert one.get(f"{address}/{theirs['id']}").status_code == 404
    assert one.get(f"{address}/{mine['id']}").status_code == 200
    assert refusal(one.post(address, json={**body, "member": theirs["member"]})) == (
        422,
        "invalid_input",
        ("another_member", "/member"),
    )
    assert done(client.as_(Role.AUDITOR).get(address))["items"] == []
    assert done(tender.officer.get(address))["items"] == []
    done(tender.rank())
    for who in (one, tender.officer, client.as_(Role.AUDITOR)):
        assert len(done(who.get(address))["items"]) == 2


def test_sheets_are_shown_to_all_once_the_whole_committee_has_submitted(client, tender):
    (bid,) = bids_of_one(tender)
    keys = [client.with_key(client.key(Role.EVALUATOR, lots=tender.lots)) for _ in range(5)]
    address, body = f"/api/v1/lots/{tender.lot}/score-sheets", {"scores": {bid["id"]: split("80")}}
    first = done(keys[0].post(address, json=body))
    members = [first["member"]] + [f"paper-{number}" for number in range(4)]
    seats = [{"id": one, "person": one, "seat": "expert"} for one in members]
    done(tender.officer.put(f"{tender.url}/committee", json={"members": seats}))
    for member in members[1:-1]:
        tender.sheet({bid["id"]: "81"}, member=member)
    assert [one["id"] for one in done(keys[0].get(address))["items"]] == [first["id"]]
    assert refusal(keys[1].post(address, json=body)) == (409, "not_on_committee")
    tender.sheet({bid["id"]: "82"}, member=members[-1])
    assert len(done(keys[0].get(address))["items"]) == 5


def test_the_report_is_signed_and_a_dissent_says_why(client, tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    own = client.with_key(client.key(Role.EVALUATOR, lots=tender.lots))
    scores = {bid["id"]: split("80") for bid in bids}
    expert = done(own.post(f"/api/v1/lots/{tender.lot}/score-sheets", json={"scores": scores}))["member"]
    for member in ("expert-2", "expert-3"):
        tender.sheet({bid["id"]: "80" for bid in bids}, member=member)
    ranking = done(tender.rank())
    url = f"/api/v1/rankings/{ranking['id']}/signatures"
    signed = done(own.post(url, json={"agrees": True}))
    assert (signed["member"], signed["stand"], signed["resultHash"]) == (expert, "agreed", ranking["resultHash"])
    assert refusal(own.post(url, json={"agrees": False, "dissent": "x"})) == (409, "signed_already")
    paper = {"member": "expert-2", "agrees": False}
    wrong = refusal(tender.officer.post(url, json=paper))
    assert wrong == (422, "invalid_input", ("dissent_missing", "/dissent"))
    done(tender.officer.post(url, json={**paper, "dissent": "服务方案评分依据不足"}))
    assert refusal(tender.officer.post(url, json={"member": "nobody", "agrees": True})) == (409, "did_not_score")
    listed = {one["member"]: (one["stand"], one["dissent"]) for one in done(tender.officer.get(url))["items"]}
    assert listed == {
        expert: ("agreed", None),
        "expert-2": ("dissented", "服务方案评分依据不足"),
        "expert-3": ("deemed_to_agree", None),
    }
    done(tender.rank())
    late = tender.officer.post(url, json={"member": "expert-3", "agrees": True})
    assert refusal(late) == (409, "ranking_outdated")
    assert client.as_(Role.BIDDER).get(url).status_code == 403
    assert client.with_key(client.key(Role.EVALUATOR)).get(url).status_code == 404, "of another lot"


def test_a_price_far_below_the_others_is_explained_before_anybody_wins(client, tender):
    bids = bids_of(tender, "980000.00", "970000.00", "600000.00")
    ranking = tender.ranked(bids, ["80", "81", "60"])
    assert {"code": "abnormally_low", "bid": bids[2]["id"]} in ranking["warnings"]
    scenario = done(tender.scenario(rule="sequential"))["id"]
    answer = tender.decide(scenario)
    assert refusal(answer) == (409, "low_price_unexplained")
    assert answer.json()["article"] == "财政部令第87号 第六十条"
    asked = {
        "lotId": tender.lot,
        "about": "low_price",
        "bids": [bids[2]["id"]],
        "question": "请说明报价构成。",
        "dueOn": "2100-01-01",
    }
    (row,) = done(tender.officer.post(f"{tender.url}/clarifications", json=asked))["items"]
    assert refusal(tender.decide(scenario)) == (409, "low_price_unexplained")
    given = {"answer": "附成本测算。", "facts": [{"text": "成本测算表", "basis": "new"}]}  # a new proof is allowed here
    done(tender.officer.post(f"{tender.url}/clarifications/{row['id']}/answer", json=given))
    done(tender.decide(scenario))


def test_phase_and_roles(client, tender):
    bid = tender.qualified_bid()
    assert refusal(tender.record_sheet({bid["id"]: split("80")})) == (409, "wrong_phase")
    assert refusal(tender.rank()) == (409, "wrong_phase")
    assert client.as_(Role.EVALUATOR).post(f"/api/v1/lots/{tender.lot}/ranking").status_code == 403
    assert client.as_(Role.BIDDER).get(f"/api/v1/lots/{tender.lot}/score-sheets").status_code == 403
    assert tender.officer.post(f"/api/v1/lots/{new_id('lot')}/ranking").status_code == 404


def test_a_ranking_is_replayed_to_the_byte_and_tampering_shows(client, tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    ranking = tender.ranked(bids, ["80", "81", "82"])
    replayed = done(tender.officer.post(f"/api/v1/rankings/{ranking['id']}/replay"))
    assert replayed["identical"] is True
    assert replayed["resultHash"] == {"stored": ranking["resultHash"], "computed": ranking["resultHash"]}
    with client.platform.work() as work:
        row = work.session.get(StoredRanking, ranking["id"])
        changed = {**row.input, "abnormallyLowShare": "0.99"}
        work.session.execute(update(StoredRanking).where(StoredRanking.id == row.id).values(input=changed))
    assert done(tender.officer.post(f"/api/v1/rankings/{ranking['id']}/replay"))["identical"] is False


def test_the_same_bids_and_sheets_give_the_same_hashes(tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    first = tender.ranked(bids, ["80", "81", "82"])
    second = done(tender.rank())
    assert (first["inputHash"], first["resultHash"]) == (second["inputHash"], second["resultHash"])
    assert second["number"] == 2


def test_many_rankings_at_once_are_numbered_one_by_one(tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    tender.sheet({bid["id"]: "80" for bid in bids})
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(tender.rank())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [answer.json()["number"] for answer in answers if answer.status_code == 201]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert {answer.status_code for answer in answers} <= {201, 409}


def test_two_replacements_at_once_leave_one_current_sheet(tender):
    (bid,) = bids_of_one(tender)
    first, answers = tender.sheet({bid["id"]: "80"}), []

    def replace(total):
        answers.append(tender.record_sheet({bid["id"]: split(total)}, replaces=first["id"], **PUT_RIGHT))

    threads = [threading.Thread(target=replace, args=(total,)) for total in ("81", "82", "83")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    listed = done(tender.officer.get(f"/api/v1/lots/{tender.lot}/score-sheets"))["items"]
    assert [sheet["replacedBy"] is None for sheet in listed].count(True) == 1


def test_sheets_and_rankings_are_on_the_tenders_trail(client, tender):
    bids = bids_of(tender, "980000.00", "970000.00", "960000.00")
    tender.ranked(bids, ["80", "81", "82"])
    events = [event["event"] for event in done(client.as_(Role.AUDITOR).get("/api/v1/audit?limit=200"))["items"]]
    assert events.count(Event.EVALUATOR_SCORE_SHEET_RECORD) == events.count(Event.OFFICER_RANKING_COMPUTE) == 1
