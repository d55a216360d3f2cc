"""Check a bid's service plan (服务方案) against the requirements of the pilot (方案第三部分), for one lot and one year.

Sub-district level: people or families served, half of them by case work (个案); basic items cover every community. Each
community with capacity-building (增能) or governance (治理) items: the obligatory items, further items, activities.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.core.facts.measured import Measured, at_least
from app.core.facts.outcome import Outcome

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class PlanRules:
    """The figures of the tender's policy (`tender.servicePlan`)."""

    people_or_families: int
    case_work_share: Decimal
    obligatory_items: tuple[str, ...]
    further_capacity_items: int
    large_activities: int
    small_activities: int
    further_governance_items: int
    communities: int
    article: str


@dataclass(frozen=True, slots=True)
class CommunityPlan:
    """The plan for one community 社区; None: not stated."""

    name: str
    basic_items: int | None = None
    items: frozenset[str] | None = None
    further_capacity_items: int | None = None
    large_activities: int | None = None
    small_activities: int | None = None
    further_governance_items: int | None = None

    @property
    def lands(self) -> bool:
        """Whether any capacity-building or governance item is planned here."""
        return bool(self.items or self.further_capacity_items or self.large_activities or self.small_activities)


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """People or families served in total, those by case work or case management, and the plan of each community."""

    people_or_families: int | None
    by_case_work: int | None
    communities: tuple[CommunityPlan, ...]


def check_plan(plan: ServicePlan, rules: PlanRules) -> tuple[Measured, ...]:
    """Check every condition; each result has outcome, observed value and margin."""
    article = rules.article
    landed = tuple(community for community in plan.communities if community.lands)
    return (
        at_least("people_or_families", article, rules.people_or_families, plan.people_or_families),
        _case_work(plan, rules),
        _each("basic_items", plan.communities, lambda one: one.basic_items, 1, article),
        _obligatory(landed, rules),
        *_counts(landed, rules),
        _communities(landed, rules),
    )


def _counts(landed: tuple[CommunityPlan, ...], rules: PlanRules) -> Iterator[Measured]:
    article = rules.article
    further, governance = rules.further_capacity_items, rules.further_governance_items
    yield _each("further_capacity_items", landed, lambda one: one.further_capacity_items, further, article)
    yield _each("large_activities", landed, lambda one: one.large_activities, rules.large_activities, article)
    yield _each("small_activities", landed, lambda one: one.small_activities, rules.small_activities, article)
    yield _each("further_governance_items", landed, lambda one: one.further_governance_items, governance, article)


def _case_work(plan: ServicePlan, rules: PlanRules) -> Measured:
    """Check the share served by case work, compared exactly and shown with four decimals."""
    all_, cases = plan.people_or_families, plan.by_case_work
    if not all_ or cases is None:
        return Measured("case_work_share", Outcome.UNDETERMINED, rules.article, rules.case_work_share)
    outcome = Outcome.MET if cases >= rules.case_work_share * all_ else Outcome.NOT_MET
    observed = (Decimal(cases) / all_).quantize(_PLACES, ROUND_HALF_UP)
    return Measured("case_work_share", outcome, rules.article, rules.case_work_share, observed)


def _each(
    id_: str,
    communities: tuple[CommunityPlan, ...],
    count: Callable[[CommunityPlan], int | None],
    required: int,
    article: str,
) -> Measured:
    """Check the same minimum in every community; `observed` is the lowest known count."""
    known = {one.name: counted for one in communities if (counted := count(one)) is not None}
    short = tuple(name for name, counted in known.items() if counted < required)
    lowest = Decimal(min(known.values())) if known else None
    if short:
        return Measured(id_, Outcome.NOT_MET, article, Decimal(required), lowest, short)
    silent = tuple(one.name for one in communities if one.name not in known)
    outcome = Outcome.UNDETERMINED if silent or not communities else Outcome.MET
    return Measured(id_, outcome, article, Decimal(required), lowest, silent)


def _obligatory(landed: tuple[CommunityPlan, ...], rules: PlanRules) -> Measured:
    wanted = frozenset(rules.obligatory_items)

    def present(one: CommunityPlan) -> int | None:
        return None if one.items is None else len(wanted & one.items)

    return _each("obligatory_items", landed, present, len(wanted), rules.article)


def _communities(landed: tuple[CommunityPlan, ...], rules: PlanRules) -> Measured:
    """Check a minimum of communities that applies 原则上 (as a rule): fewer is undetermined, not a failure."""
    found = at_least("communities", rules.article, rules.communities, len(landed))
    outcome = Outcome.UNDETERMINED if found.outcome is Outcome.NOT_MET else found.outcome
    return Measured(found.id, outcome, found.article, found.required, found.observed)
