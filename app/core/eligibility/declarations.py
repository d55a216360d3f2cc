"""Declarations 声明 and accounts of a bidder (采购法 第二十二条)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from app.core.facts.dossier import AuditReport, CheckConclusion, Declaration, Dossier, Opinion
from app.core.facts.outcome import Finding, Outcome, finding

SOUND = frozenset({Opinion.UNQUALIFIED, Opinion.QUALIFIED})


class _Dated(Protocol):
    @property
    def year(self) -> int | None: ...


def declared(declarations: Sequence[Declaration], kind: str) -> list[Finding]:
    """Require a declaration of that kind. A missing one may still be submitted, so it is undetermined, never not met."""
    if any(one.kind == kind for one in declarations):
        return []
    return [finding(Outcome.UNDETERMINED, "declaration_missing", "/declarations", declaration=kind)]


def financial_accounting(dossier: Dossier, kind: str) -> list[Finding]:
    """Check the accounts: met by a declaration or a sound latest audit opinion; a failed latest annual check or an
    adverse opinion is not met.
    """
    checks = _annual_check(dossier)
    reports = _audit(dossier.audit_reports)
    found = checks + reports
    sound = bool(dossier.audit_reports) and not reports
    if not sound and all(one.outcome is not Outcome.NOT_MET for one in found):
        found = [*found, *declared(dossier.declarations, kind)]
    return found


def _annual_check(dossier: Dossier) -> list[Finding]:
    checks = dossier.organization.registration.annual_checks
    found = []
    for index in _latest(checks):
        conclusion, pointer = checks[index].conclusion, f"/organization/registration/annualChecks/{index}/conclusion"
        if conclusion is None:
            found.append(finding(Outcome.UNDETERMINED, "annual_check_unknown", pointer))
        elif conclusion is CheckConclusion.FAILED:
            found.append(finding(Outcome.NOT_MET, "annual_check_failed", pointer))
    return _settled(found, checks)


def _audit(reports: Sequence[AuditReport]) -> list[Finding]:
    found = []
    for index in _latest(reports):
        opinion, pointer = reports[index].opinion, f"/auditReports/{index}/opinion"
        if opinion is None:
            found.append(finding(Outcome.UNDETERMINED, "audit_opinion_unknown", pointer))
        elif opinion not in SOUND:
            found.append(finding(Outcome.NOT_MET, "audit_opinion_bad", pointer))
    return _settled(found, reports)


def _latest(dated: Sequence[_Dated]) -> list[int]:
    """Return the indices of the entries of the latest year, and of those without a year, which may be the latest."""
    greatest = max((one.year for one in dated if one.year is not None), default=None)
    return [index for index, one in enumerate(dated) if one.year is None or one.year == greatest]


def _settled(found: list[Finding], dated: Sequence[_Dated]) -> list[Finding]:
    """Treat a bad entry as not met only where it is certainly the latest; one without a year may be older or newer."""
    if not found:
        return found
    latest = _latest(dated)
    bad = sum(one.outcome is Outcome.NOT_MET for one in found)
    if bad == len(latest) or all(dated[index].year is not None for index in latest):
        return found
    return [replace(one, outcome=Outcome.UNDETERMINED) for one in found]
