"""Assurance `documented`: signed declarations 声明 and audit reports 审计报告 that support the declared ones.

A declaration supports its requirement when a paper of that kind names the bidder and shows the day of its signature,
no later than the as-of day. Accounts are supported by such a declaration or by the latest audit report.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from app.core.eligibility.declarations import SOUND
from app.core.eligibility.registration_proof import Agreement, is_own
from app.core.facts.documents import DocumentedCertificate, Documents
from app.core.facts.dossier import Dossier
from app.core.facts.outcome import Finding, Outcome, finding
from app.core.facts.policy import Requirement

_BAD_OPINIONS = ("adverse", "disclaimed")


def declaration_support(dossier: Dossier, documents: Documents, kind: str, as_of: date) -> Agreement:
    """Return where a signed declaration of that kind was read, or why none supports the requirement."""
    own = list(_own(documents.declarations, dossier, "organization", kind=kind))
    signed = [one for one in own if (day := one.day("signedOn")) is not None and day <= as_of]
    if signed:
        places = [signed[0].fields[name].place for name in ("kind", "organization", "signedOn")]
        return Agreement((), tuple(places))
    if own:
        read = own[0].fields.get("signedOn")
        place = read.place if read else own[0].fields["kind"].place
        found = Finding(Outcome.UNDETERMINED, "declaration_undated", "/declarations", {"declaration": kind}, place)
        return Agreement((found,), (place,))
    code = (
        "declaration_undocumented" if any(one.kind == kind for one in dossier.declarations) else "declaration_missing"
    )
    return Agreement((finding(Outcome.UNDETERMINED, code, "/declarations", declaration=kind),))


def accounts_support(dossier: Dossier, documents: Documents, requirement: Requirement, as_of: date) -> Agreement:
    """Return where the accounts' paper was read: the latest audit report, else the declaration, as far as the policy
    accepts them (`documented_by`); or why none supports the accounts.

    An audit report or annual check on paper that is bad and not older than what is declared contradicts it.
    """
    contradicting = tuple(_contradictions(dossier, documents))
    if contradicting:
        places = (found.place for found in contradicting)
        return Agreement(contradicting, tuple(place for place in places if place))
    reports = [one for one in _own(documents.audit_reports, dossier, "organization") if _is_latest(one, dossier)]
    sound = [one for one in reports if one.text("opinion") in {opinion.value for opinion in SOUND}]
    if sound and "audit_report" in requirement.documented_by:
        shown = [sound[0].fields.get(name) for name in ("organization", "year", "opinion")]
        return Agreement((), tuple(read.place for read in shown if read))
    if "declaration" in requirement.documented_by:
        declared = declaration_support(dossier, documents, requirement.declaration or requirement.id, as_of)
        if not declared.findings:
            return declared
    return Agreement((finding(Outcome.UNDETERMINED, "accounts_undocumented", "/auditReports"),))


def _contradictions(dossier: Dossier, documents: Documents) -> Iterator[Finding]:
    for report in _own(documents.audit_reports, dossier, "organization"):
        if report.text("opinion") in _BAD_OPINIONS and _is_latest(report, dossier):
            yield _contradiction(report, "opinion", "/auditReports")
    checked = max((one.year or 0 for one in dossier.organization.registration.annual_checks), default=0)
    for check in _own(documents.annual_checks, dossier, "organization"):
        if check.text("conclusion") == "failed" and (check.number("year") or checked) >= checked:
            yield _contradiction(check, "conclusion", "/organization/registration/annualChecks")


def _contradiction(paper: DocumentedCertificate, field: str, pointer: str) -> Finding:
    read = paper.fields[field]
    values = {"field": field, "documented": str(read.value)}
    return Finding(Outcome.UNDETERMINED, "paper_disagrees", pointer, values, read.place)


def _is_latest(report: DocumentedCertificate, dossier: Dossier) -> bool:
    """Whether a report is no older than the latest declared one; a year that could not be read may be the latest."""
    declared = max((one.year or 0 for one in dossier.audit_reports), default=0)
    return (report.number("year") or declared) >= declared


def _own(
    papers: Sequence[DocumentedCertificate], dossier: Dossier, field: str, kind: str | None = None
) -> Iterator[DocumentedCertificate]:
    for paper in papers:
        if is_own(paper, dossier.organization, field) and kind in (None, paper.text("kind")):
            yield paper
