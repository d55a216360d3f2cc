"""What is known of an organization: registrations and particulars by version, and the dossier they make with the roster."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from app.access.masking import masked_facts
from app.audit.events import Event
from app.organizations import registry
from app.organizations.schemas import RegistrationIn
from app.organizations.tables import Organization, Particulars, Registration
from app.problems import NotFound
from app.rosters.service import add_lines, clear_lines
from app.screening.dossier import DossierPart, plain_values
from app.work import UnitOfWork

_HEAD = ("name", "identifier", "registration")


@dataclass(frozen=True, slots=True)
class Versions:
    """Which version of each part a dossier was made of; 0 where there was none."""

    registration: int
    particulars: int
    roster: int


def add_registration(work: UnitOfWork, organization: Organization, body: RegistrationIn) -> Registration:
    """A new version of the registration."""
    values = plain_values(body.registration)
    return _add_registration(work, organization, values, body.effective_on, body.reason)


def registrations_of(organization: Organization) -> Select[Registration]:
    """All versions."""
    return select(Registration).where(Registration.organization_id == organization.id)


def registration_by_number(work: UnitOfWork, organization: Organization, number: int) -> Registration:
    """One version, or NotFound."""
    row = work.session.scalar(registrations_of(organization).where(Registration.number == number))
    if row is None:
        raise NotFound
    return row


def put_dossier(work: UnitOfWork, organization: Organization, part: DossierPart) -> Organization:
    """Records the whole dossier; parts that differ get a new version. Without `roster` the roster stays as it is."""
    values = plain_values(part)
    own = values["organization"]
    _rename(work, organization, own)
    registration = own.get("registration") or {}
    if registration != _registration(work, organization, None):
        _add_registration(work, organization, registration, None, None)
    _add_particulars(work, organization, values)
    if part.roster is not None:
        add_lines(work, organization, values["roster"])
    return organization


def dossier_of(work: UnitOfWork, organization_id: str, as_of: date | None = None) -> dict[str, Any]:
    """The dossier (DESIGN 5.1) as it is recorded now, with ID numbers in clear: for the core, never for an answer.

    `as_of`: the registration that was in effect on that day. NotFound where there is no such organization.
    """
    return _dossier(work, work.get(Organization, organization_id), as_of)


def versions_of(work: UnitOfWork, organization_id: str) -> Versions:
    """Which versions `dossier_of` reads now."""
    row = work.get(Organization, organization_id)
    return Versions(row.registration_version, row.particulars_version, row.roster_version)


def unmask(work: UnitOfWork, organization: Organization, reason: str) -> dict[str, Any]:
    """The dossier with ID numbers in clear, for a person who may see them; who did, and why, is on record."""
    work.record(Event.OFFICER_DOSSIER_UNMASK, subject=organization.id, after={"reason": reason})
    return _dossier(work, organization, None)


def _dossier(work: UnitOfWork, organization: Organization, as_of: date | None) -> dict[str, Any]:
    code = organization.identifier
    particulars = _particulars(work, organization)
    own = {
        "name": organization.name,
        "identifier": {"scheme": organization.identifier_scheme, "id": code} if code else None,
        "registration": _registration(work, organization, as_of),
        **particulars.get("organization", {}),
    }
    rest = {key: value for key, value in particulars.items() if key != "organization"}
    roster = clear_lines(work, organization) if organization.roster_version else None
    return {"organization": own, "roster": roster, **rest}


def _registration(work: UnitOfWork, organization: Organization, as_of: date | None) -> dict[str, Any]:
    query = registrations_of(organization).order_by(Registration.number.desc()).limit(1)
    if as_of is not None:
        query = query.where(or_(Registration.effective_on.is_(None), Registration.effective_on <= as_of))
    row = work.session.scalar(query)
    return row.registration if row else {}


def _particulars(work: UnitOfWork, organization: Organization) -> dict[str, Any]:
    query = select(Particulars).where(
        Particulars.organization_id == organization.id, Particulars.number == organization.particulars_version
    )
    row = work.session.scalar(query)
    return row.particulars if row else {}


def _rename(work: UnitOfWork, organization: Organization, own: Mapping[str, Any]) -> None:
    given = own.get("identifier") or {}
    code = masked_facts(given.get("id")) or None
    registry.rename(
        work,
        organization,
        masked_facts(own.get("name")) or organization.name,
        given.get("scheme") if code else None,
        code,
    )


def _add_registration(
    work: UnitOfWork,
    organization: Organization,
    values: dict[str, Any],
    effective_on: date | None,
    reason: str | None,
) -> Registration:
    organization.registration_version += 1
    row = Registration(
        organization_id=organization.id,
        number=organization.registration_version,
        effective_on=effective_on,
        registration=values,
        reason=reason,
        recorded_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {"number": row.number, "registration": values, "reason": reason}
    work.record(Event.CLIENT_REGISTRATION_ADD, subject=organization.id, after=after)
    return row


def _add_particulars(work: UnitOfWork, organization: Organization, values: Mapping[str, Any]) -> None:
    own = {key: value for key, value in values["organization"].items() if key not in _HEAD}
    rest = {key: value for key, value in values.items() if key not in ("organization", "roster")}
    particulars = {"organization": own, **rest}
    if particulars == _particulars(work, organization):
        return
    organization.particulars_version += 1
    row = Particulars(
        organization_id=organization.id,
        number=organization.particulars_version,
        particulars=particulars,
        recorded_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {"number": row.number, "declarations": rest.get("declarations"), "auditReports": rest.get("auditReports")}
    work.record(Event.CLIENT_DOSSIER_CHANGE, subject=organization.id, after=after)
