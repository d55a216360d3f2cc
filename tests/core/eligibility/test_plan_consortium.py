"""The pilot's service plan, the monitoring body's qualification, and consortia."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.eligibility.consortium import combined, several_bids
from app.core.eligibility.monitoring_body import MonitoringBodyFacts, MonitoringBodyRules, check_monitoring_body
from app.core.eligibility.service_plan import CommunityPlan, PlanRules, ServicePlan, check_plan
from app.core.facts.measured import at_least, is_so
from app.core.facts.outcome import Outcome

MET, NOT_MET, OPEN = Outcome.MET, Outcome.NOT_MET, Outcome.UNDETERMINED
ITEMS = ("建立居民家庭需求档案", "社区资源调查盘点并建立资源库")
RULES = PlanRules(60, Decimal("0.50"), ITEMS, 2, 2, 6, 1, 4, "方案第三部分")
FULL = CommunityPlan("甲", 1, frozenset(ITEMS), 2, 2, 6, 1)
PLAN = ServicePlan(60, 30, tuple(replace(FULL, name=name) for name in "甲乙丙丁"))


def with_first(**changes):
    return replace(PLAN, communities=(replace(FULL, **changes), *PLAN.communities[1:]))


def test_a_plan_at_every_limit_is_met_with_margin_none_left():
    found = check_plan(PLAN, RULES)
    assert {one.id: one.outcome for one in found} == dict.fromkeys(
        ("people_or_families", "case_work_share", "basic_items", "obligatory_items", "further_capacity_items",
         "large_activities", "small_activities", "further_governance_items", "communities"), MET)  # fmt: skip
    assert all(one.margin == 0 for one in found)
    assert {one.article for one in found} == {"方案第三部分"}


@pytest.mark.parametrize(
    ("plan", "id_", "outcome", "observed", "where"),
    [
        (replace(PLAN, people_or_families=59), "people_or_families", NOT_MET, 59, ()),
        (replace(PLAN, people_or_families=None), "people_or_families", OPEN, None, ()),
        (replace(PLAN, by_case_work=29), "case_work_share", NOT_MET, Decimal("0.4833"), ()),
        (replace(PLAN, by_case_work=None), "case_work_share", OPEN, None, ()),
        (replace(PLAN, people_or_families=0), "case_work_share", OPEN, None, ()),
        (
            replace(PLAN, people_or_families=100_001, by_case_work=50_000),
            "case_work_share",
            NOT_MET,
            Decimal("0.5000"),
            (),
        ),
        (with_first(basic_items=0), "basic_items", NOT_MET, 0, ("甲",)),
        (with_first(items=frozenset(ITEMS[:1])), "obligatory_items", NOT_MET, 1, ("甲",)),
        (with_first(items=None), "obligatory_items", OPEN, 2, ("甲",)),
        (with_first(further_capacity_items=1), "further_capacity_items", NOT_MET, 1, ("甲",)),
        (with_first(large_activities=1), "large_activities", NOT_MET, 1, ("甲",)),
        (with_first(small_activities=5), "small_activities", NOT_MET, 5, ("甲",)),
        (with_first(small_activities=None), "small_activities", OPEN, 6, ("甲",)),
        (with_first(further_governance_items=0), "further_governance_items", NOT_MET, 0, ("甲",)),
        (replace(PLAN, communities=PLAN.communities[:3]), "communities", OPEN, 3, ()),
        (replace(PLAN, communities=()), "large_activities", OPEN, None, ()),
    ],
)
def test_what_falls_short_and_where(plan, id_, outcome, observed, where):
    found = {one.id: one for one in check_plan(plan, RULES)}[id_]
    assert (found.outcome, found.observed, found.where) == (outcome, observed, where)
    assert found.margin == (None if observed is None else observed - found.required)


def test_a_community_with_basic_items_only_is_covered_but_does_not_count_as_landed():
    plan = replace(PLAN, communities=(*PLAN.communities, CommunityPlan("戊", basic_items=1)))
    found = {one.id: one for one in check_plan(plan, RULES)}
    assert (found["communities"].observed, found["small_activities"].outcome) == (4, MET)
    bare = replace(PLAN, communities=(*PLAN.communities, CommunityPlan("戊")))
    assert {one.id: one for one in check_plan(bare, RULES)}["basic_items"].outcome is OPEN


FACTS = MonitoringBodyFacts("org_e", 3, 2, frozenset())


@pytest.mark.parametrize(
    ("facts", "bidders", "not_met"),
    [
        (FACTS, {"org_1"}, {}),
        (replace(FACTS, years_of_evaluating=2), {"org_1"}, {"years_of_evaluating": NOT_MET}),
        (
            replace(FACTS, years_of_evaluating=None, qualified_team=0),
            {"org_1"},
            {"years_of_evaluating": OPEN, "qualified_team": NOT_MET},
        ),
        (FACTS, {"org_e"}, {"not_a_bidder": NOT_MET}),
        (replace(FACTS, related=frozenset({"org_1"})), {"org_1"}, {"not_related_to_a_bidder": NOT_MET}),
        (replace(FACTS, related=None), {"org_1"}, {"not_related_to_a_bidder": OPEN}),
    ],
)
def test_the_evaluators_own_qualification(facts, bidders, not_met):
    found = check_monitoring_body(facts, MonitoringBodyRules(), bidders)
    assert {one.id: one.outcome for one in found if one.outcome is not MET} == not_met


def test_measures():
    assert at_least("x", "a", 3, Decimal("2.5")).margin == Decimal("-0.5")
    assert is_so("x", "a", True).margin is None


def test_every_member_meets_article_22_and_one_the_tenders_own_conditions():
    members = {
        "甲": {"credit_record": MET, "full_time_staff": NOT_MET, "legal_person": MET},
        "乙": {"credit_record": NOT_MET, "full_time_staff": MET, "legal_person": OPEN},
    }
    found = {one.id: (one.outcome, one.where) for one in combined(members)}
    assert found == {
        "credit_record": (NOT_MET, ("乙",)),
        "full_time_staff": (MET, ()),
        "legal_person": (OPEN, ("乙",)),
    }
    part = {
        one.id: one.outcome for one in combined({"甲": {"credit_record": MET, "social_workers": NOT_MET}, "乙": {}})
    }
    assert part == {"credit_record": OPEN, "social_workers": OPEN}, "who was not screened is not known"


def test_a_member_of_a_consortium_bids_once():
    bids = {"bid_1": frozenset({"a", "b"}), "bid_2": frozenset({"b"}), "bid_3": frozenset({"c"})}
    assert several_bids(bids) == {"b": ("bid_1", "bid_2")}
