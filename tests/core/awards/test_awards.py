"""The three rules, their limits, unassigned lots with reasons; inputs that are refused."""

import copy
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.awarding.awards.proposal import in_turn
from app.awarding.awards.scenarios import scenario_json, scenario_of
from app.core.awards.assignment import (
    AwardProblem,
    Candidate,
    Exceeded,
    Objective,
    RankedLot,
    Reason,
    Rule,
    Unassigned,
    after_a_fall,
    scenario,
)
from tests.making.awards_input import lot, problem
from tests.making.ranking_input import put

L1 = lot("L1", S1="95", S2="94")
L2 = lot("L2", S1="93", S2="80")
L3 = lot("L3", S1="92")
L0 = lot("L0")


def winners(given: AwardProblem, rule: Rule) -> dict[str, str]:
    return {name: candidate.bidder for name, candidate in scenario(given, rule, in_turn).winners.items()}


def test_independent_reports_limits_and_does_not_apply_them() -> None:
    found = scenario(problem(L1, L2, L3, maximum=1), Rule.INDEPENDENT, in_turn)
    assert [candidate.bidder for candidate in found.winners.values()] == ["S1", "S1", "S1"]
    assert found.exceeded == (Exceeded("S1", 1, ("L1", "L2", "L3")),)
    assert (found.total_score, found.total_price) == (280, 3_000_000 - 280_000)


def test_sequential_passes_over_who_has_reached_a_limit() -> None:
    found = scenario(problem(L1, L2, L3, maximum=1), Rule.SEQUENTIAL, in_turn)
    assert {name: one.bidder for name, one in found.winners.items()} == {"L1": "S1", "L2": "S2"}
    assert found.unassigned == (Unassigned("L3", Reason.LIMITS_REACHED, ("S1",)),)
    assert found.exceeded == ()


def test_the_order_of_lots_decides_sequential_alone() -> None:
    given = problem(L1, L2, L3, maximum=1, order=["L3", "L2", "L1"])
    assert winners(given, Rule.SEQUENTIAL) == {"L2": "S2", "L3": "S1"}
    assert winners(given, Rule.OPTIMAL) == {"L1": "S2", "L2": "S1"}


@pytest.mark.parametrize("rule", [Rule.SEQUENTIAL, Rule.OPTIMAL])
def test_the_limit_of_one_supplier_overrides_both_ways(rule: Rule) -> None:
    assert winners(problem(L1, L2, L3, maximum=1, S1=None), rule) == {"L1": "S1", "L2": "S1", "L3": "S1"}
    assert winners(problem(L1, L2, L3, maximum=3, S1=0), rule) == {"L1": "S2", "L2": "S2"}
    assert winners(problem(L1, L2, L3), rule) == {"L1": "S1", "L2": "S1", "L3": "S1"}


def test_more_lots_before_more_points() -> None:
    given = problem(lot("L1", S1="99", S2="30"), lot("L2", S1="61"), maximum=1)
    assert winners(given, Rule.OPTIMAL) == {"L1": "S2", "L2": "S1"}


def test_lowest_prices() -> None:
    given = problem(L1, L2, maximum=1, objective=Objective.TOTAL_PRICE)
    assert winners(given, Rule.OPTIMAL) == {"L1": "S2", "L2": "S1"}


def test_among_equals_the_smallest_list() -> None:
    given = problem(lot("L2", S1="90", S2="90"), lot("L1", S2="90", S1="90"), lot("L3", S2="90", S1="90"), maximum=1)
    assert winners(given, Rule.OPTIMAL) == {"L1": "S1", "L2": "S2"}


def test_a_shared_first_rank_is_disclosed() -> None:
    given = problem(lot("L1", S2="90", S1="90"), lot("L2", S2="90", S1="90"), maximum=1)
    for rule, second in ((Rule.INDEPENDENT, "S1"), (Rule.SEQUENTIAL, "S2")):
        found = scenario(given, rule, in_turn)
        assert found.winners["L1"].bidder == "S1"
        assert found.winners["L2"].bidder == second
        assert found.ties["L1"] == ("S1", "S2")
        assert ("L2" in found.ties) == (rule is Rule.INDEPENDENT)


@pytest.mark.parametrize("rule", Rule)
def test_a_lot_without_ranking_is_left_over(rule: Rule) -> None:
    found = scenario(problem(RankedLot("L0", ()), L1), rule, in_turn)
    assert found.unassigned == (Unassigned("L0", Reason.NO_RANKED_BIDDER, ()),)
    assert [*found.winners] == ["L1"]


def test_a_price_that_is_not_known_leaves_the_sum_open() -> None:
    without = RankedLot("L9", (Candidate("b", "S9", 1, Decimal(50), None),))
    found = scenario(problem(L1, without), Rule.OPTIMAL, in_turn)
    assert (found.total_score, found.total_price) == (145, None)
    with pytest.raises(ValueError, match="price of every bid"):
        scenario(problem(without, objective=Objective.TOTAL_PRICE), Rule.OPTIMAL, in_turn)


@pytest.mark.parametrize("rule", Rule)
def test_no_lots_no_awards(rule: Rule) -> None:
    found = scenario(problem(), rule, in_turn)
    assert (found.winners, found.unassigned, found.total_score, found.total_price) == ({}, (), 0, 0)


def test_points_of_any_size_are_added_exactly() -> None:
    tiny = "0.000000000001"
    given = problem(
        RankedLot("L1", (Candidate("a", "S1", 1, Decimal("9" * 13), None), Candidate("b", "S2", 2, Decimal(1), None))),
        RankedLot("L2", (Candidate("c", "S1", 1, Decimal("9" * 13) + Decimal(tiny), None), Candidate("d", "S2", 2, Decimal(1), None))),
        maximum=1,
    )  # fmt: skip
    found = scenario(given, Rule.OPTIMAL, in_turn)
    assert found.winners["L2"].bidder == "S1"
    assert found.total_score == 10**13 + Fraction(tiny)


DOCUMENT: dict[str, Any] = {
    "lots": [
        {
            "id": name,
            "value": "1000000.00",
            "ranking": [
                {"bid": f"{name}-S1", "bidder": "S1", "rank": 1, "total": "95.00", "price": "950000.00"},
                {"bid": f"{name}-S2", "bidder": "S2", "rank": 2, "total": "94.00", "price": "940000.00"},
            ],
        }
        for name in ("L1", "L2")
    ],
    "limits": {"maximumLotsAwardedPerSupplier": 1, "perSupplier": {"S1": 1}},
    "rule": "independent",
    "objective": "total_score",
    "lotOrder": ["L2", "L1"],
}


def test_the_answer_shows_what_the_other_rules_give() -> None:
    assert scenario_of(DOCUMENT) == {
        "rule": "independent",
        "assignment": [{"lot": "L1", "bidder": "S1", "bid": "L1-S1"}, {"lot": "L2", "bidder": "S1", "bid": "L2-S1"}],
        "unassigned": [],
        "totalScore": "190.00",
        "totalPrice": "1900000.00",
        "alternatives": [
            {"rule": "sequential", "lots": 2, "totalScore": "189.00", "totalPrice": "1890000.00"},
            {"rule": "optimal", "lots": 2, "totalScore": "189.00", "totalPrice": "1890000.00"},
        ],
        "limitsExceeded": [{"bidder": "S1", "limit": 1, "lots": ["L1", "L2"]}],
        "ties": [],
    }


def test_what_may_be_left_out() -> None:
    lots = [
        {"id": "L1", "ranking": [{"bid": "b", "bidder": "S1", "rank": 1, "total": "1"}]},
        {"id": "L2", "ranking": []},
    ]
    for limits in (None, {}, {"perSupplier": None}):
        answer: Any = scenario_of({"lots": lots, "rule": "optimal", "limits": limits, "lotOrder": []})
        assert answer["assignment"] == [{"lot": "L1", "bidder": "S1", "bid": "b"}]
        assert answer["unassigned"] == [{"lot": "L2", "reason": "no_ranked_bidder", "limits": []}]
        assert answer["totalPrice"] is None


@pytest.mark.parametrize(
    ("pointer", "value", "where", "code"),
    [
        ("/rule", "best", "/rule", "unknown_value"),
        ("/rule", None, "/rule", "required"),
        ("/objective", "fairness", "/objective", "unknown_value"),
        ("/lots/1/id", "L1", "/lots/1/id", "duplicate_lot"),
        ("/lots/0/value", "-1", "/lots/0/value", "out_of_range"),
        ("/lots/0/ranking", None, "/lots/0/ranking", "required"),
        ("/lots/0/ranking/1/bidder", "S1", "/lots/0/ranking/1/bidder", "duplicate_bidder"),
        ("/lots/0/ranking/1/bid", "L1-S1", "/lots/0/ranking/1/bid", "duplicate_bid"),
        ("/lots/0/ranking/1/rank", 0, "/lots/0/ranking/1/rank", "out_of_range"),
        ("/lots/0/ranking/1/total", "-1", "/lots/0/ranking/1/total", "out_of_range"),
        ("/lots/0/ranking/1/total", "NaN", "/lots/0/ranking/1/total", "decimal_malformed"),
        ("/lots/0/ranking/1/price", "0", "/lots/0/ranking/1/price", "out_of_range"),
        ("/lots/0/ranking/1/price", "0.001", "/lots/0/ranking/1/price", "money_places"),
        ("/lots/0/ranking/1/score", "1", "/lots/0/ranking/1/score", "unknown_key"),
        ("/limits/maximumLotsAwardedPerSupplier", -1, "/limits/maximumLotsAwardedPerSupplier", "out_of_range"),
        ("/limits/perSupplier/S1", "1", "/limits/perSupplier/S1", "wrong_type"),
        ("/lotOrder", ["L1"], "/lotOrder", "lot_order_incomplete"),
        ("/lotOrder", ["L1", "L1"], "/lotOrder/1", "duplicate_lot"),
        ("/lotOrder", ["L1", "L3"], "/lotOrder/1", "unknown_lot"),
    ],
)
def test_refusal(pointer: str, value: Any, where: str, code: str) -> None:
    data = copy.deepcopy(DOCUMENT)
    put(data, pointer, value)
    answer: Any = scenario_of(data)
    assert [(fault["pointer"], fault["code"]) for fault in answer["errors"]] == [(where, code)]


def test_lowest_prices_need_every_price() -> None:
    data = copy.deepcopy({**DOCUMENT, "objective": "total_price"})
    data["lots"][1]["ranking"][0]["price"] = None
    answer: Any = scenario_of(data)
    assert [(fault["pointer"], fault["code"]) for fault in answer["errors"]] == [
        ("/lots/1/ranking/0/price", "price_missing")
    ]


def test_more_rows_than_can_be_held() -> None:
    row = {"rank": 1, "total": "1"}
    ranking = [{**row, "bid": f"b{number}", "bidder": f"S{number}"} for number in range(10_000)]
    answer: Any = scenario_of(
        {"lots": [{"id": f"L{number}", "ranking": ranking} for number in range(51)], "rule": "optimal"}
    )
    assert answer["errors"][0]["code"] == "too_many"


def test_text_that_is_no_json() -> None:
    answer: Any = scenario_json(b"{")
    assert answer["errors"][0]["code"] == "json_malformed"


def test_after_a_fall_what_stands_is_kept_and_counts() -> None:
    given = problem(L1, L2, lot("L3", S1="92", S3="90", S2="80"), maximum=2, S3=0, order=["L3", "L2", "L1"])
    given = replace(given, lots=(*given.lots, L0), order=(*given.order, L0))
    left = after_a_fall(given, {"L1": "S2", "L2": "S1", "L0": None}, {"L3": frozenset({"S1"})})
    assert [one.id for one in left.lots] == [one.id for one in left.order] == ["L3"]
    assert {name: left.limits.of(name) for name in ("S1", "S2", "S3", "S4")} == {"S1": 1, "S2": 1, "S3": 0, "S4": 2}
    for rule in (Rule.SEQUENTIAL, Rule.OPTIMAL):
        assert winners(left, rule) == {"L3": "S2"}
    assert winners(left, Rule.INDEPENDENT) == {"L3": "S3"}
    without = after_a_fall(problem(L1, L2, L3), {"L1": "S1"}, {})
    assert without.limits.of("S1") is None
