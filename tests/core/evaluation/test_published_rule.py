"""Only what the tender documents named is the published rule (实施条例 第三十四条)."""

import dataclasses

import pytest

from app.core.awards.assignment import AwardProblem, Limits, Objective, PublishedRule, RankedLot, Rule

A, B = RankedLot("a", ()), RankedLot("b", ())
LIMITS = Limits(2, {})
PROBLEM = AwardProblem((A, B), LIMITS, Objective.TOTAL_SCORE, (A, B))
OTHER_LIMITS = dataclasses.replace(PROBLEM, limits=Limits(3, {}))
OTHER_OBJECTIVE = dataclasses.replace(PROBLEM, objective=Objective.TOTAL_PRICE)
OTHER_ORDER = dataclasses.replace(PROBLEM, order=(B, A))


@pytest.mark.parametrize(
    ("rule", "problem", "published"),
    [
        (Rule.INDEPENDENT, PROBLEM, True),
        (Rule.INDEPENDENT, OTHER_LIMITS, True),  # limits are reported under it, not applied
        (Rule.SEQUENTIAL, PROBLEM, True),
        (Rule.SEQUENTIAL, OTHER_LIMITS, False),
        (Rule.SEQUENTIAL, OTHER_ORDER, False),
        (Rule.SEQUENTIAL, OTHER_OBJECTIVE, True),  # asked by `optimal` alone
        (Rule.OPTIMAL, PROBLEM, True),
        (Rule.OPTIMAL, OTHER_LIMITS, False),
        (Rule.OPTIMAL, OTHER_OBJECTIVE, False),
        (Rule.OPTIMAL, OTHER_ORDER, True),
    ],
)
def test_what_a_rule_looks_at_must_be_as_published(rule, problem, published):
    named = PublishedRule(rule, Objective.TOTAL_SCORE, LIMITS, ("a", "b"))
    assert named.names(problem, rule) is published


@pytest.mark.parametrize("rule", list(Rule))
def test_another_rule_is_not_the_published_one(rule):
    for other in set(Rule) - {rule}:
        assert not PublishedRule(rule, Objective.TOTAL_SCORE, LIMITS, ("a", "b")).names(PROBLEM, other)
