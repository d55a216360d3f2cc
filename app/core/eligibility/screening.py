"""Screening 资格筛查 of one bidder: the outcome of every requirement, a proposed verdict, an informative score.

A screening proposes; a named officer decides (`qualification`). 采购法 第二十二条, 实施条例 第十七条.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from math import prod

from app.core.credit import credit_record as credit
from app.core.credit.credit_record import NO_CREDIT_FACTS, CreditFacts
from app.core.eligibility import declarations, registration
from app.core.eligibility.registration_proof import NO_AGREEMENT, agreement
from app.core.facts.documents import NO_DOCUMENTS, Documents, Place
from app.core.facts.dossier import NOTHING_SHARED, Dossier, SharedFacts
from app.core.facts.outcome import Finding, Outcome, Verdict, finding, outcome_of, verdict_of
from app.core.facts.policy import COUNTS, Check, Policy, Requirement
from app.core.staff.roster import Count, RosterAssessment, RosterContext, StaffRow, assess_roster
from app.core.values.frozen import value


class Assurance(StrEnum):
    """What facts rest on: the bidder's declarations (`declared`) or agreeing documents (`documented`)."""

    DECLARED = "declared"
    DOCUMENTED = "documented"


@value
class Facts:
    """All input of a screening except the policy."""

    dossier: Dossier
    as_of: date
    assurance: Assurance = Assurance.DECLARED
    credit: CreditFacts = NO_CREDIT_FACTS
    shared: SharedFacts = NOTHING_SHARED
    documents: Documents = NO_DOCUMENTS


@value
class RequirementResponse:
    """The outcome of one requirement; `count` for headcounts only; `places`: where documents support the outcome."""

    requirement: Requirement
    outcome: Outcome
    findings: tuple[Finding, ...]
    count: Count | None = None
    places: tuple[Place, ...] = ()

    @property
    def fulfilment(self) -> tuple[int, int]:
        """(countable, required) for headcounts, at most 1; else (1, 1) when met, (0, 1) otherwise."""
        if self.outcome is Outcome.MET:
            return 1, 1
        return (self.count.countable, self.requirement.minimum) if self.count and self.requirement.minimum else (0, 1)


@value
class Screening:
    """The result: verdict, score (0.0–100.0, one decimal), each requirement, each roster line."""

    verdict: Verdict
    score: Decimal
    responses: tuple[RequirementResponse, ...]
    staff: tuple[StaffRow, ...]


def screen(facts: Facts, policy: Policy) -> Screening:
    """Evaluate every requirement of the policy. Deterministic: the same facts give the same result."""
    context = RosterContext(
        facts.as_of,
        policy.staff,
        facts.dossier.organization,
        facts.shared,
        facts.documents,
        facts.assurance is Assurance.DOCUMENTED,
    )
    roster = assess_roster(facts.dossier.roster, context)
    responses = tuple([_respond(one, facts, policy, roster) for one in policy.requirements])
    verdict = verdict_of([response.outcome for response in responses])
    return Screening(verdict, score(responses), responses, roster.rows)


def score(responses: tuple[RequirementResponse, ...]) -> Decimal:
    """100 × Σ weight × fulfilment ÷ Σ weight, one decimal, half up. It informs; the verdict decides."""
    return _score(tuple([(response.requirement.weight, *response.fulfilment) for response in responses]))


@lru_cache(maxsize=4096)  # bidders of a tender fail by the same few conditions
def _score(fulfilled: tuple[tuple[Decimal, int, int], ...]) -> Decimal:
    scale = prod(required for _, _, required in fulfilled)
    reached = sum(weight * observed * (scale // required) for weight, observed, required in fulfilled)
    whole = sum(weight * scale for weight, _, _ in fulfilled)
    tenths = (2000 * reached + whole) // (2 * whole) if whole else Decimal(0)
    return (tenths / 10).quantize(Decimal("0.1"))


def _respond(requirement: Requirement, facts: Facts, policy: Policy, roster: RosterAssessment) -> RequirementResponse:
    if requirement.check in COUNTS:
        count = roster.full_time if requirement.check is Check.FULL_TIME_STAFF else roster.social_workers
        findings = _roster_missing() if facts.dossier.is_roster_missing else _count(requirement, count)
        return RequirementResponse(requirement, outcome_of(findings), tuple(findings), count)
    findings = _RULES[requirement.check](requirement, facts, policy)
    borne_out = NO_AGREEMENT
    if facts.assurance is Assurance.DOCUMENTED:
        borne_out = agreement(requirement.check, facts.dossier.organization, facts.documents.registrations)
        findings = [*findings, *borne_out.findings]
    return RequirementResponse(requirement, outcome_of(findings), tuple(findings), None, borne_out.places)


def _roster_missing() -> list[Finding]:
    """Without a roster the headcount is unknown, not zero."""
    return [finding(Outcome.UNDETERMINED, "roster_missing", "/roster")]


def _count(requirement: Requirement, count: Count) -> list[Finding]:
    """Met: countable ≥ minimum. Not met: countable + doubtful < minimum."""
    minimum = requirement.minimum or 0
    if count.countable >= minimum:
        return []
    enough = count.countable + count.doubtful >= minimum
    return [
        finding(
            Outcome.UNDETERMINED if enough else Outcome.NOT_MET,
            "doubtful_persons_decide" if enough else "too_few_countable",
            "/roster",
            observed=count.countable,
            doubtful=count.doubtful,
            required=minimum,
        )
    ]


_Rule = Callable[[Requirement, Facts, Policy], list[Finding]]

_RULES: Mapping[Check, _Rule] = {
    Check.PROFESSIONAL_AGENCY: lambda _, facts, policy: registration.professional_agency(
        facts.dossier.organization, policy
    ),
    Check.REGISTRATION_AUTHORITY: lambda _, facts, policy: registration.registration_authority(
        facts.dossier.organization, policy, facts.as_of
    ),
    Check.REGISTRATION_VALID: lambda _, facts, policy: registration.registration_valid(
        facts.dossier.organization.registration, facts.as_of
    ),
    Check.LEGAL_PERSON: lambda _, facts, policy: registration.legal_person(
        facts.dossier.organization.registration, policy
    ),
    Check.CREDIT_RECORD: lambda _, facts, policy: credit.credit_record(facts.credit, policy.credit, facts.as_of),
    Check.DECLARATION: lambda requirement, facts, _: declarations.declared(
        facts.dossier.declarations, requirement.declaration or requirement.id
    ),
    Check.FINANCIAL_ACCOUNTING: lambda requirement, facts, _: declarations.financial_accounting(
        facts.dossier, requirement.declaration or requirement.id
    ),
}
