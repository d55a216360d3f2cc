"""Ranking and award require a complete committee if the tender's regime demands one (财政部令第87号 第四十七条)."""

import pytest

from app.awarding.evaluation.tables import ScoreSheet
from tests.making.procedure import Procedure, done, refusal

MEMBERS = [f"expert-{number}" for number in range(1, 6)]
SEATS = [{"id": one, "person": f"p-{one}", "seat": "expert", "ties": []} for one in MEMBERS]


@pytest.fixture
def tender(client):
    return Procedure(client, committee=True).qualification()


@pytest.fixture
def bids(tender):
    made = [tender.qualified_bid(price) for price in ("980000.00", "990000.00", "1000000.00")]
    tender.evaluation()
    return [bid["id"] for bid in made]


def _form(tender, seats=SEATS):
    return tender.officer.put(f"{tender.url}/committee", json={"members": seats})


def _score(tender, bids, members):
    for member in members:
        tender.sheet(dict.fromkeys(bids, "80"), member)


def test_nobody_scores_or_ranks_without_a_committee(tender, bids):
    points = {"technical": "50", "record": "30"}
    refused = tender.record_sheet(dict.fromkeys(bids, points))
    assert refusal(refused)[:2] == (409, "committee_missing")
    assert refusal(tender.rank())[:2] == (409, "committee_missing")


def test_four_sheets_of_five_give_no_ranking(tender, bids):
    done(_form(tender))
    assert refusal(tender.rank())[:2] == (409, "sheets_missing")
    _score(tender, bids, MEMBERS[:4])
    refused = tender.rank()
    assert refusal(refused)[:2] == (409, "sheets_missing")
    assert "expert-5" in refused.json()["detail"]
    _score(tender, bids, MEMBERS[4:])
    assert done(tender.rank())["status"] == "ranked"


def test_the_committee_that_began_to_score_does_not_change(tender, bids):
    done(_form(tender))
    done(_form(tender, [*SEATS[:4], {**SEATS[4], "id": "expert-6", "person": "p-6"}]))
    done(_form(tender))
    _score(tender, bids, MEMBERS[:1])
    assert refusal(_form(tender, [{**SEATS[0], "id": "expert-7", "person": "p-7"}, *SEATS[1:]]))[:2] == (
        409,
        "committee_frozen",
    )


def test_a_sheet_of_nobody_on_the_committee_does_not_count(tender, bids, client):
    done(_form(tender))
    _score(tender, bids, MEMBERS)
    with client.platform.work() as work:
        sheet = work.session.query(ScoreSheet).filter(ScoreSheet.member == "expert-1").one()
        sheet.member = "somebody-else"
    assert refusal(tender.rank())[:2] == (409, "sheets_missing")


def test_no_award_while_a_member_has_no_sheet(tender, bids, client):
    done(_form(tender))
    _score(tender, bids, MEMBERS)
    done(tender.rank())
    scenario = done(tender.scenario())["id"]
    with client.platform.work() as work:
        sheet = work.session.query(ScoreSheet).filter(ScoreSheet.member == "expert-1").one()
        work.session.delete(sheet)
    assert refusal(tender.decide(scenario))[:2] == (409, "sheets_missing")


def test_a_lot_with_too_few_bidders_fails_without_an_evaluation(tender):
    tender.qualified_bid()
    tender.evaluation()
    assert done(tender.rank())["status"] == "failed"


def test_a_policy_may_demand_no_committee(client):
    tender = Procedure(client, committee=False).qualification()
    made = [tender.qualified_bid(price) for price in ("980000.00", "990000.00", "1000000.00")]
    tender.evaluation()
    assert tender.ranked(made, ("80", "81", "82"))["status"] == "ranked"
