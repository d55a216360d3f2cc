"""Qualification of the monitoring body 监管评估机构 (方案 annex 3): experience, team, independence of the bidders."""

from collections.abc import Collection
from dataclasses import dataclass

from app.core.facts.measured import Measured, at_least, is_so

PLAN = "关于扩大市级社区服务社会化试点的方案 附件三"
INDEPENDENCE = "政府采购法实施条例 第十八条"


@dataclass(frozen=True, slots=True)
class MonitoringBodyRules:
    """Required years of evaluating social-service projects, required qualified team members, and the legal basis."""

    years: int = 3
    team: int = 1
    article: str = PLAN


@dataclass(frozen=True, slots=True)
class MonitoringBodyFacts:
    """Facts about the monitoring body; None is unknown. `related`: organizations that it controls, manages or is controlled by."""

    organization: str
    years_of_evaluating: int | None
    qualified_team: int | None
    related: frozenset[str] | None = None


def check_monitoring_body(
    facts: MonitoringBodyFacts, rules: MonitoringBodyRules, bidders: Collection[str]
) -> tuple[Measured, ...]:
    """Check each condition; a monitoring body may not bid (实施条例 第十八条第二款)."""
    own = facts.organization not in bidders
    apart = None if facts.related is None else facts.related.isdisjoint(bidders)
    return (
        at_least("years_of_evaluating", rules.article, rules.years, facts.years_of_evaluating),
        at_least("qualified_team", rules.article, rules.team, facts.qualified_team),
        is_so("not_a_bidder", INDEPENDENCE, own),
        is_so("not_related_to_a_bidder", INDEPENDENCE, apart),
    )
