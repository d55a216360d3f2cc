"""Replace and read complete dossiers, assembled from versioned parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from app.bidders.confidential import counts_of, visible_to
from app.bidders.dossier_format import DossierPart, plain_values
from app.bidders.dossier_reader import ReadDossier, check_dossier
from app.bidders.dossiers.tables import Particulars
from app.bidders.organizations import registry
from app.bidders.organizations.service import record_registration, registration_of
from app.bidders.organizations.tables import Identity, Organization, Registration
from app.bidders.programs import require_proposal
from app.bidders.rosters.service import add_lines, clear_lines, incomplete, lines_of
from app.platform.access.masking import masked_facts
from app.platform.audit.events import Event
from app.platform.unit_of_work import UnitOfWork

_HEAD = ("name", "identifier", "registration")


@dataclass(frozen=True, slots=True)
class Versions:
    """The version of each part that a dossier consists of; 0 if there is none."""

    registration: int
    particulars: int
    roster: int


def put_dossier(work: UnitOfWork, organization: Organization, part: DossierPart) -> Organization:
    """Record a whole dossier; changed parts get a new version. Without `roster` the roster stays unchanged."""
    values = plain_values(part)
    own = values["organization"]
    _rename(work, organization, own)
    registration = own.get("registration") or {}
    if registration != registration_of(work, organization, None):
        record_registration(work, organization, registration, None, None)
    _add_particulars(work, organization, values)
    if part.roster is not None:
        add_lines(work, organization, values["roster"])
    return organization


def dossier_of(work: UnitOfWork, organization_id: str, as_of: date | None = None) -> dict[str, Any]:
    """Return the current dossier (DESIGN 5.1), with ID numbers in clear: for the core, never for a response.

    `as_of`: the registration in effect on that day. NotFound where there is no such organization.
    """
    return _dossier(work, work.get(Organization, organization_id), as_of)


def versions_of(work: UnitOfWork, organization_id: str) -> Versions:
    """Return the versions that `dossier_of` reads now."""
    row = work.get(Organization, organization_id)
    told = counts_of(work, row)
    return Versions(told.registration, told.particulars, told.roster)


def unmask(work: UnitOfWork, organization: Organization, reason: str) -> dict[str, Any]:
    """Return the dossier with ID numbers in clear to an authorized person; the audit trail records who and why."""
    work.record(Event.OFFICER_DOSSIER_UNMASK, subject=organization.id, after={"reason": reason})
    return _dossier(work, organization, None)


@dataclass(frozen=True, slots=True)
class Sources:
    """The versions that make up a dossier: identity as a row, the others by id; None if there is none."""

    organization: Organization
    identity: Identity
    registration: str | None
    particulars: str | None
    roster: str | None


def assembled(work: UnitOfWork, sources: Sources) -> dict[str, Any]:
    """Assemble the dossier (DESIGN 5.1) from these versions, with ID numbers in clear."""
    registration = work.session.get(Registration, sources.registration) if sources.registration else None
    particulars = work.session.get(Particulars, sources.particulars) if sources.particulars else None
    roster = None if sources.roster is None else lines_of(work, sources.roster)
    return _joined(
        sources.identity,
        registration.registration if registration else {},
        particulars.particulars if particulars else {},
        roster,
        incomplete(work, sources.organization, sources.roster) if sources.roster else [],
    )


def _dossier(work: UnitOfWork, organization: Organization, as_of: date | None) -> dict[str, Any]:
    registration = registration_of(work, organization, as_of)
    rosters = counts_of(work, organization).roster
    roster = clear_lines(work, organization) if rosters else None
    lost = incomplete(work, organization) if rosters else []
    return _joined(organization, registration, _particulars(work, organization), roster, lost)


def _joined(
    identity: Organization | Identity,
    registration: dict[str, Any],
    particulars: Mapping[str, Any],
    roster: list[dict[str, Any]] | None,
    lost: list[str],
) -> dict[str, Any]:
    code = identity.identifier
    own = {
        "name": identity.name,
        "identifier": {"scheme": identity.identifier_scheme, "id": code} if code else None,
        "registration": registration,
        **particulars.get("organization", {}),
    }
    rest = {key: value for key, value in particulars.items() if key != "organization"}
    why = [*(rest.pop("rosterIncomplete", None) or ()), *lost]
    return {"organization": own, "roster": roster, **rest} | ({"rosterIncomplete": why} if why else {})


def particulars_of(work: UnitOfWork, organization: Organization) -> Select[Particulars]:
    """Select all versions of the particulars that the principal may see."""
    own = Particulars.organization_id == organization.id
    return select(Particulars).where(own, visible_to(work, Particulars))


def _particulars(work: UnitOfWork, organization: Organization) -> dict[str, Any]:
    row = work.session.scalar(particulars_of(work, organization).order_by(Particulars.number.desc()).limit(1))
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


def _add_particulars(work: UnitOfWork, organization: Organization, values: Mapping[str, Any]) -> None:
    own = {key: value for key, value in values["organization"].items() if key not in _HEAD}
    rest = {key: value for key, value in values.items() if key not in ("organization", "roster")}
    particulars = {"organization": own, **rest}
    if particulars == _particulars(work, organization):
        return
    require_proposal(work, organization.id, "particulars")
    organization.particulars_version += 1
    row = Particulars(
        organization_id=organization.id,
        number=organization.particulars_version,
        particulars=particulars,
        recorded_by=work.principal.id,
        trail_chain=work.own_chain,
    )
    work.session.add(row)
    work.session.flush()
    after = {"number": row.number, "declarations": rest.get("declarations"), "auditReports": rest.get("auditReports")}
    work.record(Event.CLIENT_DOSSIER_CHANGE, subject=organization.id, after=after)


def stored_dossier(work: UnitOfWork, organization_id: str, as_of: date) -> ReadDossier:
    """Return an organization's current dossier, with the registration in effect on the as-of day."""
    return check_dossier(dossier_of(work, organization_id, as_of))
