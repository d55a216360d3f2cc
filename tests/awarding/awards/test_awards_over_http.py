"""Award scenarios and awards over HTTP: analysis for every rule, decisions under the published rule only."""

import copy
import json
import subprocess
import sys
import threading

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.awarding.awards.tables import Award
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from tests.making.procedure import Procedure, award, done, refusal, split

TWO_LOTS = {
    "lots": [
        {
            "id": "a",
            "value": "1000000.00",
            "ranking": [
                {"bid": "a1", "bidder": "x", "rank": 1, "total": "90", "price": "900000.00"},
                {"bid": "a2", "bidder": "y", "rank": 2, "total": "80", "price": "950000.00"},
            ],
        },
        {
            "id": "b",
            "value": "1000000.00",
            "ranking": [
                {"bid": "b1", "bidder": "x", "rank": 1, "total": "92", "price": "910000.00"},
                {"bid": "b2", "bidder": "y", "rank": 2, "total": "70", "price": "930000.00"},
            ],
        },
    ],
    "limits": {"maximumLotsAwardedPerSupplier": 1, "perSupplier": {}},
    "rule": "optimal",
    "objective": "total_score",
}
RUN = [sys.executable, "-c", "from app.entrypoints.cli.main import main; main()", "awards", "-"]


def ranked_tender(client, rule="sequential", limit=1, *, tie=False):
    """Two lots, three bidders in each; the first wins both on points. `limit` lots a supplier."""
    tender = Procedure(client, lots=2, award_rule=award(rule, limit, ["a", "b"])).qualification()
    tender.bidders = [tender.organization(f"机构{number}") for number in range(3)]
    bids = {lot: [tender.qualified_bid("1000000.00", lot, bidder) for bidder in tender.bidders] for lot in tender.lots}
    tender.evaluation()
    for lot in tender.lots:
        tender.ranked(bids[lot], ["85", "85", "80"] if tie else ["85", "84", "80"], lot=lot)
    tender.bids = bids
    return tender


def winners(tender, scenario):
    return [tender.bidders.index(one["bidder"]) for one in scenario["assignment"]]


def test_the_published_rule_is_marked_and_can_be_decided_on(client):
    tender = ranked_tender(client)
    scenario = done(tender.scenario())
    assert (scenario["published"], scenario["rule"], winners(tender, scenario)) == (True, "sequential", [0, 1])
    assert {one["rule"] for one in scenario["alternatives"]} == {"independent", "optimal"}
    assert set(scenario["rankings"]) == set(tender.lots)
    awards = done(tender.decide(scenario["id"], reason="评审委员会推荐"))["items"]
    assert [(one["lotId"], one["state"]) for one in awards] == [(lot, "active") for lot in tender.lots]
    assert [one["organizationId"] for one in awards] == tender.bidders[:2]
    assert [one["price"] for one in awards] == ["1000000.00"] * 2
    listed = done(tender.officer.get(f"{tender.url}/awards"))["items"]
    assert sorted(listed, key=lambda one: one["id"]) == sorted(awards, key=lambda one: one["id"])
    assert refusal(tender.decide(scenario["id"])) == (409, "award_exists")


@pytest.mark.parametrize(
    "asked",
    [
        {"rule": "optimal"},
        {"rule": "independent"},
        {"limits": {"maximumLotsAwardedPerSupplier": 2, "perSupplier": {}}},
        {"limits": None, "rule": "independent"},
        {"lotOrder": "turned"},
    ],
)
def test_everything_else_is_analysis(client, asked):
    tender = ranked_tender(client)
    if asked.get("lotOrder"):
        asked = {"lotOrder": tender.lots[::-1]}
    scenario = done(tender.scenario(**asked))
    assert scenario["published"] is False
    answer = tender.decide(scenario["id"])
    assert refusal(answer) == (409, "award_rule_not_published")
    assert answer.json()["article"] == "政府采购法实施条例 第三十四条"
    assert done(tender.officer.get(f"{tender.url}/awards"))["items"] == []


def test_naming_the_published_rule_is_the_published_rule(client):
    tender = ranked_tender(client)
    limits = {"maximumLotsAwardedPerSupplier": 1, "perSupplier": {}}
    scenario = done(tender.scenario(rule="sequential", limits=limits, lotOrder=tender.lots))
    assert scenario["published"] is True


def test_given_rankings_are_answered_as_the_command_line_does(client):
    tender = Procedure(client).qualification().evaluation()
    scenario = done(tender.scenario(**TWO_LOTS))
    ran = subprocess.run(RUN, input=json.dumps(TWO_LOTS).encode(), capture_output=True, check=True)
    expected = json.loads(ran.stdout)
    assert {name: scenario[name] for name in expected} == expected
    assert (scenario["published"], scenario["rankings"]) == (False, None)
    assert done(tender.officer.get(f"{tender.url}/award-scenarios/{scenario['id']}")) == scenario
    assert refusal(tender.decide(scenario["id"])) == (409, "award_rule_not_published")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (
            lambda body: body["lots"][0]["ranking"][0].update(total="NaN"),
            "decimal_malformed",
            "/lots/0/ranking/0/total",
        ),
        (lambda body: body["lots"][0]["ranking"][0].update(price="1" + "0" * 400), "decimal_too_large", None),
        (lambda body: body["lots"][0]["ranking"][0].update(rank=0), "out_of_range", "/lots/0/ranking/0/rank"),
        (lambda body: body["lots"][1].update(id="a"), "duplicate_lot", "/lots/1/id"),
        (lambda body: body.pop("rule"), "required", "/rule"),
        (lambda body: body.update(surprise=1), "unknown_key", "/surprise"),
        (lambda body: body.update(lotOrder=["a", "c"]), "unknown_lot", "/lotOrder/1"),
        (lambda body: body.update(settled={"a": {"bid": "a1", "reason": "抽签"}}), "unknown_key", "/settled"),
    ],
)
@pytest.mark.sqlite_only
def test_what_is_no_scenario_is_refused_with_its_place(client, change, code, pointer):
    body = copy.deepcopy(TWO_LOTS)
    change(body)
    answer = Procedure(client).scenario(**body)
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert errors[0]["code"] == code
    assert pointer in (None, errors[0]["pointer"])


def test_every_lot_is_ranked_first(client):
    tender = Procedure(client, lots=2).qualification()
    bids = [tender.qualified_bid() for _ in range(3)]
    assert refusal(tender.scenario()) == (409, "wrong_phase")
    tender.evaluation()
    tender.ranked(bids, ["80", "81", "82"])
    assert refusal(tender.scenario()) == (409, "lot_not_ranked")
    assert done(tender.rank(tender.lots[1]))["status"] == "failed"
    scenario = done(tender.scenario())
    assert scenario["unassigned"] == [{"lot": tender.lots[1], "reason": "no_ranked_bidder", "limits": []}]
    awards = done(tender.decide(scenario["id"]))["items"]
    assert [(one["state"], one["reason"]) for one in awards] == [("active", None), ("unsuccessful", "no_ranked_bidder")]
    lots = done(tender.officer.get(f"{tender.url}/lots"))["items"]
    assert [lot["state"] for lot in lots] == ["active", "unsuccessful"]
    assert refusal(tender.rank(tender.lots[1])) == (409, "wrong_phase")


def test_a_tie_is_settled_by_a_person_who_says_how(client):
    tender = ranked_tender(client, tie=True)
    tied = done(tender.scenario())
    assert [tie["lot"] for tie in tied["ties"]] == tender.lots[:1]
    assert refusal(tender.decide(tied["id"])) == (409, "award_tied")
    second = tender.bids[tender.lots[0]][1]["id"]
    settled = done(tender.scenario(settled={tender.lots[0]: {"bid": second, "reason": "公开随机抽取"}}))
    assert (settled["published"], settled["ties"], winners(tender, settled)) == (True, [], [1, 0])
    assert [one["organizationId"] for one in done(tender.decide(settled["id"]))["items"]] == tender.bidders[1::-1]


def test_only_a_tie_can_be_settled(client):
    tender = ranked_tender(client)
    lot, other = tender.lots
    second = tender.bids[lot][1]["id"]
    answer = tender.scenario(settled={lot: {"bid": second, "reason": "更合适"}})
    assert refusal(answer) == (422, "invalid_input", ("not_tied", f"/settled/{lot}/bid"))
    answer = tender.scenario(settled={new_id("lot"): {"bid": second, "reason": "a"}})
    assert refusal(answer)[2][0] == "unknown_lot"
    answer = tender.scenario(settled={other: {"bid": second}})
    assert refusal(answer) == (422, "invalid_input", ("required", f"/settled/{other}/reason"))


def test_a_scenario_is_outdated_once_a_lot_is_ranked_anew_or_a_winner_falls(client):
    tender = ranked_tender(client)
    old = done(tender.scenario())
    done(tender.rank(tender.lots[1]))
    assert refusal(tender.decide(old["id"])) == (409, "scenario_outdated")
    new = done(tender.scenario())
    winner = done(tender.officer.get(f"{tender.url}/bids/{new['assignment'][0]['bid']}"))
    tender.officer.patch(
        f"{tender.url}/bids/{winner['id']}",
        json={"state": "invalid", "ground": "other", "reason": "放弃"},
        headers={"If-Match": f'"{winner["version"]}"'},
    )
    assert refusal(tender.decide(new["id"])) == (409, "scenario_outdated")


def test_an_award_taken_back_leaves_room_for_another(client):
    tender = ranked_tender(client)
    scenario = done(tender.scenario())
    awarded = done(tender.decide(scenario["id"], lots=tender.lots[:1]))["items"]
    (first,) = awarded
    address, etag = f"{tender.url}/awards/{first['id']}", {"If-Match": f'"{first["version"]}"'}
    body = {"state": "cancelled", "reason": "中标人放弃"}
    assert tender.officer.patch(address, json=body).status_code == 428
    assert done(tender.officer.patch(address, json=body, headers=etag))["state"] == "cancelled"
    assert tender.officer.patch(address, json=body, headers=etag).status_code == 412
    again = done(tender.decide(scenario["id"]))["items"]
    assert len(again) == 2
    states = [one["state"] for one in done(tender.officer.get(f"{tender.url}/awards"))["items"]]
    assert sorted(states) == ["active", "active", "cancelled"]


def take_back(tender, award, **other):
    body = {"state": "cancelled", "reason": "中标人放弃中标", **other}
    etag = {"If-Match": f'"{award["version"]}"'}
    return done(tender.officer.patch(f"{tender.url}/awards/{award['id']}", json=body, headers=etag))


def test_the_next_in_rank_follows_a_winner_that_falls(client):
    """实施条例 第四十九条; the award of lot b stays, and its winner has reached its limit of one lot."""
    tender = ranked_tender(client)
    first, second = done(tender.decide(done(tender.scenario())["id"]))["items"]
    tender.move("active.awarded")
    done(tender.officer.post(f"{tender.url}/award-notices"))
    assert [tender.bidders.index(one["organizationId"]) for one in (first, second)] == [0, 1]
    assert take_back(tender, first, winnerFalls=True)["winnerFalls"] is True
    scenario = done(tender.scenario())
    assert scenario["published"] is True
    assert [(one["lot"], tender.bidders.index(one["bidder"])) for one in scenario["assignment"]] == [
        (tender.lots[0], 2)
    ]
    (next_one,) = done(tender.decide(scenario["id"]))["items"]
    assert (next_one["lotId"], next_one["organizationId"]) == (tender.lots[0], tender.bidders[2])
    sent = done(tender.officer.post(f"{tender.url}/award-notices"))["items"]
    assert [one["award"] for one in sent[0]["content"]["lots"]] == [next_one["id"]]
    assert refusal(tender.officer.post(f"{tender.url}/award-notices")) == (409, "awards_open")
    take_back(tender, next_one, winnerFalls=True)
    last = done(tender.scenario())
    assert last["assignment"] == [] and last["unassigned"][0]["reason"] == "limits_reached"
    (failed,) = done(tender.decide(last["id"]))["items"]
    assert failed["state"] == "unsuccessful"


def test_awards_of_two_decisions_keep_to_the_limit_together(client):
    """Lot a goes to the first; its ranking is then corrected, so that the next scenario gives the first lot b as well."""
    tender = ranked_tender(client)
    a, b = tender.lots
    done(tender.decide(done(tender.scenario())["id"], lots=[a]))
    (sheet,) = done(tender.officer.get(f"/api/v1/lots/{a}/score-sheets"))["items"]
    scores = {bid["id"]: split(total) for bid, total in zip(tender.bids[a], ("70", "84", "80"), strict=True)}
    done(tender.record_sheet(scores, lot=a, replaces=sheet["id"], ground="arithmetic", reason="小计相加有误"))
    done(tender.rank(a))
    second = done(tender.scenario())
    assert winners(tender, second) == [1, 0]
    assert refusal(tender.decide(second["id"], lots=[b])) == (409, "award_limit_exceeded")
    assert refusal(tender.decide(second["id"])) == (409, "award_exists")
    assert len(done(tender.officer.get(f"{tender.url}/awards"))["items"]) == 1


def test_scenarios_and_awards_are_listed_and_read(client):
    tender = ranked_tender(client)
    made = [done(tender.scenario(**asked)) for asked in ({}, {"rule": "optimal"})]
    listed = done(tender.officer.get(f"{tender.url}/award-scenarios"))["items"]
    assert sorted(listed, key=lambda one: one["id"]) == sorted(made, key=lambda one: one["id"])
    first = done(tender.decide(made[0]["id"]))["items"][0]
    answer = tender.officer.get(f"{tender.url}/awards/{first['id']}")
    assert (answer.json(), answer.headers["etag"]) == (first, '"1"')
    assert Procedure(client).officer.get(f"{Procedure(client).url}/awards/{first['id']}").status_code == 404


def test_unknown_lots_are_not_decided_on(client):
    tender = ranked_tender(client)
    answer = tender.decide(done(tender.scenario())["id"], lots=[tender.lots[0], new_id("lot")])
    assert refusal(answer) == (422, "invalid_input", ("unknown_lot", "/lots/1"))


def test_many_decisions_at_once_award_each_lot_once(client):
    tender = ranked_tender(client)
    scenario, answers = done(tender.scenario()), []
    threads = [threading.Thread(target=lambda: answers.append(tender.decide(scenario["id"]))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4
    assert len(done(tender.officer.get(f"{tender.url}/awards"))["items"]) == 2


def test_the_database_itself_refuses_a_second_active_award(client):
    tender = ranked_tender(client)
    done(tender.decide(done(tender.scenario())["id"]))
    with pytest.raises(IntegrityError), client.platform.work() as work:
        row = work.session.execute(select(Award.__table__)).mappings().first()
        work.session.execute(insert(Award.__table__).values({**row, "id": new_id("awd")}))


def test_roles_and_other_tenders(client):
    tender = ranked_tender(client)
    scenario = done(tender.scenario())
    assert client.as_(Role.CLIENT).post(f"{tender.url}/awards", json={"scenario": scenario["id"]}).status_code == 403
    assert client.as_(Role.BIDDER).get(f"{tender.url}/award-scenarios").status_code == 403
    done(tender.decide(scenario["id"]))
    assert len(done(client.as_(Role.BIDDER).get(f"{tender.url}/awards"))["items"]) == 2
    other = Procedure(client)
    assert other.officer.get(f"{other.url}/award-scenarios/{scenario['id']}").status_code == 404
    other.qualification().evaluation()
    assert refusal(other.decide(scenario["id"])) == (422, "invalid_input", ("unknown_scenario", "/scenario"))


def test_scenarios_and_awards_are_on_the_tenders_trail(client):
    tender = ranked_tender(client)
    done(tender.decide(done(tender.scenario())["id"]))
    events = done(client.as_(Role.AUDITOR).get("/api/v1/audit?limit=200"))["items"]
    ours = [event["event"] for event in events if event["chain"] == tender.id]
    assert ours.count(Event.OFFICER_AWARD_SCENARIO_COMPUTE) == 1
    assert ours.count(Event.OFFICER_AWARD_DECIDE) == 2
