"""Check a service plan or a monitoring body against the tender's policy."""

from decimal import Decimal
from typing import Any

from app.core.eligibility.monitoring_body import MonitoringBodyFacts, check_monitoring_body
from app.core.eligibility.service_plan import CommunityPlan, PlanRules, ServicePlan, check_plan
from app.core.facts.measured import Measured
from app.core.values.canonical import canonical_json, sha256_hex
from app.examination.checks.policy import MonitoringBodyScreened, monitoring_body_policy
from app.examination.checks.schemas import CommunityIn, EvaluatorIn, ServicePlanIn
from app.platform.audit.events import Event
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import bids_in_play
from app.tendering.tenders.procedure import procedure_of
from app.tendering.tenders.service import terms_of


class NoPlanRules(Conflict):
    """The tender's policy has no requirements for a service plan."""

    code, title = "no_plan_rules", "The tender's policy has no service plan requirements"


def service_plan(work: UnitOfWork, tender_id: str, body: ServicePlanIn) -> tuple[Measured, ...]:
    """Check the plan against the figures of the tender's policy (`tender.servicePlan`)."""
    asked = (terms_of(work, tender_id).document.get("tender") or {}).get("servicePlan")
    if not asked:
        raise NoPlanRules
    communities = tuple(map(_community, body.communities))
    return check_plan(ServicePlan(body.people_or_families, body.by_case_work, communities), _rules(asked))


def _rules(asked: dict[str, Any]) -> PlanRules:
    return PlanRules(
        people_or_families=asked["minimumPeopleOrFamilies"],
        case_work_share=Decimal(asked["minimumCaseWorkShare"]),
        obligatory_items=tuple(asked["obligatoryItems"]),
        further_capacity_items=asked["minimumFurtherCapacityItems"],
        large_activities=asked["minimumLargeActivities"],
        small_activities=asked["minimumSmallActivities"],
        further_governance_items=asked["minimumFurtherGovernanceItems"],
        communities=asked["minimumCommunities"],
        article="、".join(asked["legalBasis"]),
    )


def _community(one: CommunityIn) -> CommunityPlan:
    values = one.model_dump()
    items = values.pop("items")
    return CommunityPlan(**values, items=None if items is None else frozenset(items))


def screen_monitoring_body(work: UnitOfWork, tender_id: str, body: EvaluatorIn) -> MonitoringBodyScreened:
    """Screen the monitoring body under its own policy; once bids are open, check that it neither bids nor is related.

    The outcome goes into the tender's trail with the hash of what it was computed from.
    """
    procedure = procedure_of(work, tender_id)
    bidders = {bid.organization_id for lot in procedure.lots for bid in bids_in_play(work, lot.id)}
    related = None if body.related is None else frozenset(body.related)
    facts = MonitoringBodyFacts(body.organization, body.years_of_evaluating, body.qualified_team, related)
    policy = monitoring_body_policy()
    written = {"facts": body.model_dump(mode="json"), "bidders": sorted(bidders), "policy": policy.sha256}
    found = MonitoringBodyScreened(
        policy, check_monitoring_body(facts, policy.rules, bidders), sha256_hex(canonical_json(written))
    )
    after = {"verdict": found.verdict, "policy": policy.sha256, "inputHash": found.input_hash}
    work.record(Event.OFFICER_EVALUATOR_SCREEN, subject=body.organization, tender=tender_id, after=after)
    return found
