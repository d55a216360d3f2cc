"""Requirements that a policy adds as data: a document of a kind 证明材料, a stated figure 数值指标."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.core.facts.dossier import Dossier, StatedFigure, SubmittedDocument
from app.core.facts.outcome import Finding, Outcome, finding
from app.core.facts.policy import CertificateRule, FigureRule
from app.core.values.identity import age_on

YEARS_SINCE_REGISTRATION = "years_since_registration"
_REGISTERED_ON = "/organization/registration/registeredOn"


def document_submitted(dossier: Dossier, rule: CertificateRule, as_of: date) -> list[Finding]:
    """Met by one document of the kind that counts; the findings of the best one otherwise.

    A missing document may still be submitted, so it is undetermined; a wrong level or an expired document is not met.
    """
    own = [(place, one) for place, one in enumerate(dossier.documents) if one.kind == rule.kind]
    if not own:
        return [finding(Outcome.UNDETERMINED, "submission_missing", "/documents", kind=rule.kind)]
    found = [_document(one, rule, as_of, f"/documents/{place}") for place, one in own]
    return min(found, key=lambda one: (any(each.outcome is Outcome.NOT_MET for each in one), len(one)))


def _document(one: SubmittedDocument, rule: CertificateRule, as_of: date, pointer: str) -> list[Finding]:
    found = []
    if rule.levels and one.level not in rule.levels:
        outcome = Outcome.UNDETERMINED if one.level is None else Outcome.NOT_MET
        code = "submission_level_missing" if one.level is None else "submission_level_differs"
        found.append(finding(outcome, code, f"{pointer}/level", kind=rule.kind, levels="、".join(sorted(rule.levels))))
    if one.valid_from is not None and one.valid_from > as_of:
        day = one.valid_from.isoformat()
        found.append(finding(Outcome.NOT_MET, "submission_not_begun", f"{pointer}/validFrom", kind=rule.kind, day=day))
    if one.valid_to is not None and one.valid_to < as_of:
        day = one.valid_to.isoformat()
        found.append(finding(Outcome.NOT_MET, "submission_expired", f"{pointer}/validTo", kind=rule.kind, day=day))
    if rule.must_be_valid and one.valid_to is None:
        found.append(finding(Outcome.UNDETERMINED, "submission_end_missing", f"{pointer}/validTo", kind=rule.kind))
    return found


def figure_reached(dossier: Dossier, rule: FigureRule, as_of: date) -> list[Finding]:
    """Met where the latest figure (of each of the latest `years` years) lies within the bounds."""
    if rule.name == YEARS_SINCE_REGISTRATION:
        return _years_since_registration(dossier, rule, as_of)
    stated = [(place, one) for place, one in enumerate(dossier.figures) if one.kind == rule.name]
    latest = _latest(stated, rule, as_of)
    if not latest:
        return [finding(Outcome.UNDETERMINED, "figure_missing", "/figures", figure=rule.name)]
    found = [one for place, figure in latest if (one := _figure(figure, rule, f"/figures/{place}/value"))]
    if len({figure.year for _, figure in latest}) < rule.years:
        found.append(
            finding(Outcome.UNDETERMINED, "figure_years_missing", "/figures", figure=rule.name, years=rule.years)
        )
    return found


def _latest(
    stated: Sequence[tuple[int, StatedFigure]], rule: FigureRule, as_of: date
) -> list[tuple[int, StatedFigure]]:
    """Return the figures of the latest years, and those without a year, which may be among them; never of a future
    year.
    """
    oldest = 0 if rule.max_age_years is None else as_of.year - rule.max_age_years
    years = sorted({one.year for _, one in stated if one.year is not None and oldest <= one.year <= as_of.year})
    wanted = {None, *years[-rule.years :]}
    return [(place, one) for place, one in stated if one.year in wanted]


def _figure(one: StatedFigure, rule: FigureRule, pointer: str) -> Finding | None:
    if one.value is None:
        return finding(Outcome.UNDETERMINED, "figure_missing", pointer, figure=rule.name)
    if rule.unit is not None and one.unit != rule.unit:
        return finding(Outcome.UNDETERMINED, "figure_unit_differs", pointer, figure=rule.name, unit=rule.unit)
    return _bounded(one.value, rule, pointer)


def _years_since_registration(dossier: Dossier, rule: FigureRule, as_of: date) -> list[Finding]:
    registered = dossier.organization.registration.registered_on
    if registered is None:
        return [finding(Outcome.UNDETERMINED, "figure_missing", _REGISTERED_ON, figure=rule.name)]
    years = age_on(registered, as_of) if registered <= as_of else 0
    found = _bounded(Decimal(years), rule, _REGISTERED_ON)
    return [found] if found else []


def _bounded(value: Decimal, rule: FigureRule, pointer: str) -> Finding | None:
    if rule.minimum is not None and value < rule.minimum:
        code, bound = "figure_too_low", rule.minimum
    elif rule.maximum is not None and value > rule.maximum:
        code, bound = "figure_too_high", rule.maximum
    else:
        return None
    return finding(
        Outcome.NOT_MET, code, pointer, figure=rule.name, stated=format(value, "f"), bound=format(bound, "f")
    )
