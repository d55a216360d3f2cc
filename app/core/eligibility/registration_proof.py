"""Assurance `documented`: compare name, code, authority and validity with the registration certificates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from app.core.facts.documents import DocumentedCertificate, Place
from app.core.facts.dossier import Organization
from app.core.facts.outcome import Finding, Outcome
from app.core.facts.policy import Check
from app.core.values.identity import normalised_code, normalised_name


@dataclass(frozen=True, slots=True)
class Agreement:
    """Findings on the declared values of one requirement, and the places in the documents where they were read."""

    findings: tuple[Finding, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Value:
    """A declared value, how a certificate shows it, and how the two are normalised for comparison."""

    field: str
    pointer: str
    declared: str
    shown: Callable[[DocumentedCertificate], tuple[str, Place | None]]
    normalise: Callable[[str | None], str] = normalised_name


NO_AGREEMENT = Agreement()
OPEN_ENDED = "长期 (open-ended)"


def agreement(check: Check, organization: Organization, certificates: Sequence[DocumentedCertificate]) -> Agreement:
    """Compare the values of one requirement; NO_AGREEMENT where it does not rest on a registration certificate."""
    found: list[Finding] = []
    places: list[Place] = []
    for value in _values(check, organization):
        finding, place = _compare(value, organization, certificates)
        if finding is not None:
            found.append(finding)
        if place is not None:
            places.append(place)
    return Agreement(tuple(found), tuple(places))


def _values(check: Check, organization: Organization) -> list[_Value]:
    registration = organization.registration
    match check:
        case Check.PROFESSIONAL_AGENCY:
            return [_text_value("name", "/organization/name", organization.name)]
        case Check.REGISTRATION_AUTHORITY:
            return [
                _text_value("uscc", "/organization/identifier/id", organization.code, normalised_code),
                _text_value("authority", "/organization/registration/authority", registration.authority),
            ]
        case Check.REGISTRATION_VALID:
            begin, end = "/organization/registration/validFrom", "/organization/registration/validTo"
            declared_end = _iso(registration.valid_to) or (OPEN_ENDED if registration.open_ended else "")
            return [
                _Value("validFrom", begin, _iso(registration.valid_from), partial(_shown, field="validFrom")),
                _Value("validTo", end, declared_end, _shown_end),
            ]
        case _:
            return []


def _text_value(
    field: str, pointer: str, declared: str | None, normalise: Callable[[str | None], str] = normalised_name
) -> _Value:
    return _Value(field, pointer, declared or "", partial(_shown, field=field), normalise)


def _compare(
    value: _Value, organization: Organization, certificates: Sequence[DocumentedCertificate]
) -> tuple[Finding | None, Place | None]:
    """Compare with the certificates: one agreeing certificate of the bidder is enough; else the first that disagrees
    decides; else undocumented.
    """
    other: tuple[str, Place | None] | None = None
    for certificate in certificates:
        shown, place = value.shown(certificate)
        if not value.normalise(shown):
            continue
        if value.normalise(shown) != value.normalise(value.declared):
            other = other or (shown, place)
        elif is_own(certificate, organization):
            return None, place
    if other is None:
        return Finding(Outcome.UNDETERMINED, "document_missing", value.pointer, {"field": value.field}), None
    values = {"field": value.field, "declared": value.declared or "—", "documented": other[0]}
    return Finding(Outcome.UNDETERMINED, "document_disagrees", value.pointer, values, other[1]), other[1]


def is_own(paper: DocumentedCertificate, organization: Organization, named: str = "name") -> bool:
    """Whether a paper shows the bidder's code, or its name in the field `named`; another organization's proves nothing."""
    code, name = normalised_code(paper.text("uscc")), normalised_name(paper.text(named))
    same_code = bool(code) and code == normalised_code(organization.code)
    return same_code or (bool(name) and name == normalised_name(organization.name))


def _shown(certificate: DocumentedCertificate, field: str) -> tuple[str, Place | None]:
    read = certificate.fields.get(field)
    if read is None:
        return "", None
    return read.value.isoformat() if isinstance(read.value, date) else str(read.value or ""), read.place


def _shown_end(certificate: DocumentedCertificate) -> tuple[str, Place | None]:
    """Return the last day of validity, or OPEN_ENDED (长期)."""
    read = certificate.fields.get("openEnded")
    if read is not None and read.value is True:
        return OPEN_ENDED, read.place
    return _shown(certificate, "validTo")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
