"""Under the assurance `documented`: do the registration certificates bear out name, code, authority and validity?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.documented import Certificate, Place
from app.core.facts import Organization
from app.core.identity import normalised_code, normalised_name
from app.core.outcome import Finding, Outcome
from app.core.policy import Check


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the documents say of the declared values that one requirement rests on: findings, and where it was read."""

    findings: tuple[Finding, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Value:
    """A declared value, the field of the certificate that must agree, and how two of its kind are compared."""

    field: str
    pointer: str
    declared: str
    normalise: Callable[[str | None], str] = normalised_name


NO_AGREEMENT = Agreement()


def agreement(check: Check, organization: Organization, certificates: Sequence[Certificate]) -> Agreement:
    """The agreement for one requirement; requirements that rest on no registration certificate have none."""
    found: list[Finding] = []
    places: list[Place] = []
    for value in _values(check, organization):
        finding, place = _compare(value, certificates)
        if finding is not None:
            found.append(finding)
        if place is not None:
            places.append(place)
    return Agreement(tuple(found), tuple(places))


def _values(check: Check, organization: Organization) -> list[_Value]:
    registration = organization.registration
    match check:
        case Check.PROFESSIONAL_AGENCY:
            return [_Value("name", "/organization/name", organization.name or "")]
        case Check.REGISTRATION_AUTHORITY:
            authority = "/organization/registration/authority"
            return [
                _Value("uscc", "/organization/identifier/id", organization.code or "", normalised_code),
                _Value("authority", authority, registration.authority or ""),
            ]
        case Check.REGISTRATION_VALID:
            end = "/organization/registration/validTo"
            values = [_Value("validFrom", "/organization/registration/validFrom", _iso(registration.valid_from))]
            if registration.valid_to is None:
                return [*values, _Value("openEnded", end, "true" if registration.open_ended else "")]
            return [*values, _Value("validTo", end, _iso(registration.valid_to))]
        case _:
            return []


def _compare(value: _Value, certificates: Sequence[Certificate]) -> tuple[Finding | None, Place | None]:
    """One certificate that agrees is enough; else the first that says something else; else none says anything."""
    other: tuple[str, Place] | None = None
    for certificate in certificates:
        read = certificate.fields.get(value.field)
        shown = _text(read.value) if read else ""
        if read is None or not shown:
            continue
        if value.normalise(shown) == value.normalise(value.declared):
            return None, read.place
        other = other or (shown, read.place)
    if other is None:
        return Finding(Outcome.UNDETERMINED, "document_missing", value.pointer, {"field": value.field}), None
    values = {"field": value.field, "declared": value.declared, "documented": other[0]}
    return Finding(Outcome.UNDETERMINED, "document_disagrees", value.pointer, values, other[1]), other[1]


def _text(value: str | date | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return value.isoformat() if isinstance(value, date) else value or ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
