"""Who evaluates (财政部令第87号 第四十七条), and what a late contractor faces (方案)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.evaluation.committee import Conflict, Member, Seat, Tie, least_members, objections
from app.core.procedure.contract import (
    Approvals,
    Consequence,
    LatenessRules,
    Nature,
    Promise,
    change_faults,
    consequences,
    days_late,
    nature,
)

MILLION = Decimal(1_000_000)


def members(experts, purchasers=0):
    return [Member(f"e{n}", f"person-e{n}", Seat.EXPERT) for n in range(experts)] + [
        Member(f"p{n}", f"person-p{n}", Seat.PURCHASER) for n in range(purchasers)
    ]


@pytest.mark.parametrize(
    ("committee", "budget", "codes"),
    [
        (members(5), MILLION, []),
        (members(4, 1), MILLION, []),
        (members(3, 2), MILLION, ["too_few_experts"]),
        (members(4), MILLION, ["too_few_members", "even_number"]),
        (members(6), MILLION, ["even_number"]),
        (members(5), Decimal("9999999.99"), []),
        (members(5), 10 * MILLION, ["too_few_members"]),
        (members(7), 10 * MILLION, []),
        (members(6, 3), MILLION, []),
        (members(5, 4), MILLION, ["too_few_experts"]),
        ([], MILLION, ["too_few_members", "even_number"]),
    ],
)
def test_its_size_and_its_experts(committee, budget, codes):
    found = objections(committee, budget, ())
    assert [one.code for one in found] == codes
    assert all(one.article == "财政部令第87号 第四十七条" for one in found)
    assert least_members(budget) == (7 if budget >= 10 * MILLION else 5)


def test_a_member_with_a_tie_to_a_bidder_is_refused_and_only_then():
    tied = [replace(members(5)[0], conflicts=(Conflict("org_9", Tie.EMPLOYED_WITHIN_3_YEARS),)), *members(5)[1:]]
    assert objections(tied, MILLION, {"org_1"}) == ()
    (found,) = objections(tied, MILLION, {"org_1", "org_9"})
    assert (found.code, found.member, found.organization) == ("conflict_of_interest", "e0", "org_9")
    assert found.article == "政府采购法实施条例 第九条"


def test_one_person_sits_once_and_not_after_attending_the_opening():
    twice = [*members(4), replace(members(1)[0], id="again")]
    assert [(one.code, one.member) for one in objections(twice, MILLION, ())] == [("member_twice", "again")]
    (found,) = objections(members(5), MILLION, (), attended_opening={"person-e3"})
    assert (found.code, found.member) == ("attended_opening", "e3")


DUE = date(2026, 6, 30)
RULES = LatenessRules()


@pytest.mark.parametrize(
    ("reached", "today", "late", "expected"),
    [
        (None, date(2026, 6, 30), 0, ()),
        (None, date(2026, 7, 15), 15, ()),
        (None, date(2026, 7, 16), 16, (Consequence.BAD_RECORD,)),
        (None, date(2026, 7, 30), 30, (Consequence.BAD_RECORD,)),
        (None, date(2026, 7, 31), 31, (Consequence.BAD_RECORD, Consequence.REDUCE_OR_TERMINATE)),
        (date(2026, 7, 10), date(2026, 12, 31), 10, ()),
        (date(2026, 7, 20), date(2026, 12, 31), 20, (Consequence.BAD_RECORD,)),
        (date(2026, 6, 1), date(2026, 12, 31), 0, ()),
    ],
)
def test_more_than_fifteen_and_more_than_thirty_days_late(reached, today, late, expected):
    assert days_late(DUE, reached, today) == late
    assert consequences(late, RULES) == expected


@given(st.integers(0, 400))
def test_a_later_day_never_softens_what_follows(late):
    assert set(consequences(late, RULES)) <= set(consequences(late + 1, RULES))


def test_a_warning_bars_only_with_the_finance_departments_decision():
    assert nature(None) is nature("  ") is Nature.WARNING
    assert nature("苏财购〔2026〕7号") is Nature.BARRING


PROMISE = Promise(frozenset({"基础", "增能", "治理"}), 60, MILLION)


@pytest.mark.parametrize(
    ("after", "approvals", "codes"),
    [
        (PROMISE, Approvals(True, True), ()),
        (replace(PROMISE, amount=Decimal(1_100_000)), Approvals(True, True), ()),
        (replace(PROMISE, amount=Decimal("1100000.01")), Approvals(True, True), ("amount_over_tenth",)),
        (replace(PROMISE, classes=frozenset({"基础"})), Approvals(True, True), ("classes_shrink",)),
        (replace(PROMISE, heads=59), Approvals(True, True), ("heads_shrink",)),
        (PROMISE, Approvals(False, False), ("district_approval_missing", "city_approval_missing")),
    ],
)
def test_content_changes_within_the_plans_limits_only(after, approvals, codes):
    assert change_faults(PROMISE, after, approvals) == codes
