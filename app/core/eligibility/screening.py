"""Screening 资格筛查 of one bidder: the outcome of every requirement, a proposed verdict, an informative score.

A screening proposes; a named officer decides (`qualification`). 采购法 第二十二条, 实施条例 第十七条.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from math import prod

from app.core.credit import credit_record as credit
from app.core.credit.credit_record import NO_CREDIT_FACTS, CreditFacts
from app.core.eligibility import declarations, registration, submissions
from app.core.eligibility.letter_proof import accounts_support, declaration_support
from app.core.eligibility.registration_proof import NO_AGREEMENT, Agreement, agreement
from app.core.eligibility.term import term_warnings
from app.core.facts.documents import NO_DOCUMENTS, Documents, Place
from app.core.facts.dossier import NOTHING_SHARED, Dossier, SharedFacts
from app.core.facts.outcome import Finding, Outcome, Verdict, finding, outcome_of, verdict_of
from app.core.facts.policy import COUNTS, CertificateRule, Check, FigureRule, Policy, Requirement, StaffRule
from app.core.staff.citing import Cited, cited
from app.core.staff.filling import Filled, filled_from_papers
from app.core.staff.lines import RosterContext
from app.core.staff.payers import dittos_resolved
from app.core.staff.proofs import Proofs
from app.core.staff.roster import Count, RosterAssessment, StaffRow, assess_roster
from app.core.staff.selection import count_selected
from app.core.values.frozen import value


class Assurance(StrEnum):
    """Basis of the facts: the bidder's declarations (`declared`) or agreeing documents (`documented`)."""

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
    """The outcome of one requirement; `count` for headcounts only; `places`: where documents support the outcome.

    `lines`: for headcounts, the places in documents that support each countable roster line (by index).
    """

    requirement: Requirement
    outcome: Outcome
    findings: tuple[Finding, ...]
    count: Count | None = None
    places: tuple[Place, ...] = ()
    lines: tuple[Cited, ...] = ()

    @property
    def fulfilment(self) -> tuple[int, int]:
        """Return (countable, required) for headcounts, at most 1; else (1, 1) when met, (0, 1) otherwise."""
        if self.outcome is Outcome.MET:
            return 1, 1
        return (self.count.countable, self.requirement.minimum) if self.count and self.requirement.minimum else (0, 1)


@value
class Screening:
    """The result: verdict, score (0.0–100.0, one decimal), each requirement, each roster line.

    `filled`: what papers supplied where the roster states nothing.
    """

    verdict: Verdict
    score: Decimal
    responses: tuple[RequirementResponse, ...]
    staff: tuple[StaffRow, ...]
    warnings: tuple[Finding, ...] = ()
    filled: tuple[Filled, ...] = ()


def screen(facts: Facts, policy: Policy) -> Screening:
    """Evaluate every requirement of the policy. Deterministic: the same facts give the same result."""
    facts, filled = _with_papers(facts, policy)
    roster = assess_roster(facts.dossier.roster, _roster_context(facts, policy))
    responses = tuple([_respond(one, facts, policy, roster) for one in policy.requirements])
    verdict = verdict_of([response.outcome for response in responses])
    warnings = term_warnings(facts.dossier, roster.rows, policy.term, facts.as_of)
    return Screening(verdict, score(responses), responses, roster.rows, warnings, filled)


def _with_papers(facts: Facts, policy: Policy) -> tuple[Facts, tuple[Filled, ...]]:
    """Fill the roster from the papers under `documented`; under `declared` it stays as stated."""
    if facts.assurance is Assurance.DECLARED or not (facts.documents.insured or facts.documents.social_workers):
        return facts, ()
    proofs = Proofs.of(facts.dossier.organization, facts.documents, policy.folding)
    roster, filled = filled_from_papers(dittos_resolved(facts.dossier.roster), proofs)
    return replace(facts, dossier=replace(facts.dossier, roster=roster)), filled


def _roster_context(facts: Facts, policy: Policy) -> RosterContext:
    return RosterContext(
        facts.as_of,
        policy.staff,
        facts.dossier.organization,
        facts.shared,
        facts.documents,
        facts.assurance is Assurance.DOCUMENTED,
        policy.folding,
    )


def score(responses: tuple[RequirementResponse, ...]) -> Decimal:
    """Compute 100 × Σ weight × fulfilment ÷ Σ weight, one decimal, half up. It informs; the verdict decides."""
    return _score(tuple([(response.requirement.weight, *response.fulfilment) for response in responses]))


@lru_cache(maxsize=4096)  # bidders of a tender fail the same few conditions
def _score(fulfilled: tuple[tuple[Decimal, int, int], ...]) -> Decimal:
    scale = prod(required for _, _, required in fulfilled)
    reached = sum(weight * observed * (scale // required) for weight, observed, required in fulfilled)
    whole = sum(weight * scale for weight, _, _ in fulfilled)
    tenths = (2000 * reached + whole) // (2 * whole) if whole else Decimal(0)
    return (tenths / 10).quantize(Decimal("0.1"))


def _respond(requirement: Requirement, facts: Facts, policy: Policy, roster: RosterAssessment) -> RequirementResponse:
    if requirement.check in COUNTS:
        count = _headcount(requirement, facts, policy, roster)
        findings = _count(requirement, count, facts.dossier)
        lines = _cited(requirement, facts, policy, roster)
        return RequirementResponse(requirement, outcome_of(findings), tuple(findings), count, (), lines)
    if requirement.check is Check.ANY_OF:
        return _any_of(requirement, [_respond(one, facts, policy, roster) for one in requirement.alternatives])
    findings = _RULES[requirement.check](requirement, facts, policy)
    findings = registration.with_unread(findings, _rests_on(requirement), facts.dossier.organization.registration)
    borne_out = NO_AGREEMENT
    if facts.assurance is Assurance.DOCUMENTED:
        borne_out = _support(requirement, facts)
        findings = _with_support(requirement, findings, borne_out)
    return RequirementResponse(requirement, outcome_of(findings), tuple(findings), None, borne_out.places)


_LETTERS = frozenset({Check.DECLARATION, Check.FINANCIAL_ACCOUNTING})


def _support(requirement: Requirement, facts: Facts) -> Agreement:
    """Return the papers that support the requirement, or what they lack."""
    kind = requirement.declaration or requirement.id
    if requirement.check is Check.DECLARATION:
        return declaration_support(facts.dossier, facts.documents, kind, facts.as_of)
    if requirement.check is Check.FINANCIAL_ACCOUNTING:
        return accounts_support(facts.dossier, facts.documents, requirement, facts.as_of)
    return agreement(requirement.check, facts.dossier.organization, facts.documents.registrations)


def _with_support(requirement: Requirement, findings: Sequence[Finding], found: Agreement) -> list[Finding]:
    """Add what the papers lack; a signed letter also stands in for a declaration that the dossier leaves out."""
    if requirement.check not in _LETTERS:
        return [*findings, *found.findings]
    others = [one for one in findings if one.code != "declaration_missing"]
    return [*others, *found.findings]


def _cited(requirement: Requirement, facts: Facts, policy: Policy, roster: RosterAssessment) -> tuple[Cited, ...]:
    """Return the documents of the persons who count, under `documented`."""
    if facts.assurance is Assurance.DECLARED or requirement.check is Check.STAFF:
        return ()
    context = _roster_context(facts, policy)
    proofs = Proofs.of(context.organization, context.documents, context.folding)
    is_social = requirement.check is Check.SOCIAL_WORKERS
    return cited(dittos_resolved(facts.dossier.roster), roster.rows, proofs, social_workers=is_social)


def _rests_on(requirement: Requirement) -> tuple[str, ...]:
    """Return the fields of the registration that decide a requirement."""
    if requirement.figure is not None and requirement.figure.name == submissions.YEARS_SINCE_REGISTRATION:
        return ("registeredOn",)
    return _RESTS_ON.get(requirement.check, ())


_RESTS_ON: Mapping[Check, tuple[str, ...]] = {
    Check.PROFESSIONAL_AGENCY: ("businessScope",),
    Check.REGISTRATION_AUTHORITY: ("authority", "kind", "registeredOn"),
    Check.REGISTRATION_VALID: ("validFrom", "validTo", "openEnded"),
    Check.LEGAL_PERSON: ("legalForm", "personality"),
    Check.FINANCIAL_ACCOUNTING: ("annualChecks",),
}


def _any_of(requirement: Requirement, responses: Sequence[RequirementResponse]) -> RequirementResponse:
    """Met by one alternative, which is then cited; else undetermined where one is, else not met, with all reasons."""
    met = next((one for one in responses if one.outcome is Outcome.MET), None)
    if met is not None:
        return RequirementResponse(requirement, Outcome.MET, (), None, met.places)
    findings = tuple(found for one in responses for found in one.findings)
    is_open = any(one.outcome is Outcome.UNDETERMINED for one in responses)
    places = tuple(place for one in responses for place in one.places)
    return RequirementResponse(
        requirement, Outcome.UNDETERMINED if is_open else Outcome.NOT_MET, findings, None, places
    )


def _headcount(requirement: Requirement, facts: Facts, policy: Policy, roster: RosterAssessment) -> Count:
    if requirement.check is Check.FULL_TIME_STAFF:
        return roster.full_time
    if requirement.check is Check.SOCIAL_WORKERS:
        return roster.social_workers
    rule = requirement.staff or StaffRule()
    return count_selected(facts.dossier.roster, roster, rule, _roster_context(facts, policy))


def _count(requirement: Requirement, count: Count, dossier: Dossier) -> list[Finding]:
    """Decide a headcount: met if countable ≥ minimum, not met if countable + doubtful < minimum.

    Without a roster the headcount is unknown, not zero; a roster of which parts were lost may list further staff.
    """
    if dossier.is_roster_missing:
        return [finding(Outcome.UNDETERMINED, "roster_missing", "/roster")]
    minimum = requirement.minimum or 0
    if count.countable >= minimum:
        return []
    if dossier.roster_incomplete:
        reasons = "、".join(dossier.roster_incomplete)
        return [
            finding(
                Outcome.UNDETERMINED,
                "roster_incomplete",
                "/rosterIncomplete",
                observed=count.countable,
                doubtful=count.doubtful,
                required=minimum,
                reasons=reasons,
            )
        ]
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


_NO_DOCUMENT, _NO_FIGURE = CertificateRule(""), FigureRule("")


def _undocumented(findings: list[Finding], facts: Facts) -> list[Finding]:
    """Under `documented` these declared values need manual review: no reader extracts them from documents."""
    if findings or facts.assurance is Assurance.DECLARED:
        return findings
    return [finding(Outcome.UNDETERMINED, "not_documented", "/documents")]


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
    Check.DOCUMENT: lambda requirement, facts, _: _undocumented(
        submissions.document_submitted(facts.dossier, requirement.document or _NO_DOCUMENT, facts.as_of), facts
    ),
    Check.FIGURE: lambda requirement, facts, _: _undocumented(
        submissions.figure_reached(facts.dossier, requirement.figure or _NO_FIGURE, facts.as_of), facts
    ),
    Check.FINANCIAL_ACCOUNTING: lambda requirement, facts, _: declarations.financial_accounting(
        facts.dossier, requirement.declaration or requirement.id
    ),
}
