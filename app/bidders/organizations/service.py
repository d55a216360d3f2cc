"""Record and read an organization's registrations, version by version."""

from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from app.bidders.confidential import visible_to
from app.bidders.dossier_format import plain_values
from app.bidders.organizations.schemas import RegistrationIn
from app.bidders.organizations.tables import Organization, Registration
from app.bidders.programs import require_proposal
from app.platform.audit.events import Event
from app.platform.problems import NotFound
from app.platform.unit_of_work import UnitOfWork


def add_registration(work: UnitOfWork, organization: Organization, body: RegistrationIn) -> Registration:
    """Add a version of the registration."""
    values = plain_values(body.registration)
    return record_registration(work, organization, values, body.effective_on, body.reason)


def registrations_of(work: UnitOfWork, organization: Organization) -> Select[Registration]:
    """Select all versions that the principal may see."""
    own = Registration.organization_id == organization.id
    return select(Registration).where(own, visible_to(work, Registration))


def registration_by_number(work: UnitOfWork, organization: Organization, number: int) -> Registration:
    """Return one version, or raise NotFound."""
    row = work.session.scalar(registrations_of(work, organization).where(Registration.number == number))
    if row is None:
        raise NotFound
    return row


def registration_of(work: UnitOfWork, organization: Organization, as_of: date | None) -> dict[str, Any]:
    """Return the latest registration, or the one in effect on `as_of`; {} when none is recorded."""
    query = registrations_of(work, organization).order_by(Registration.number.desc()).limit(1)
    if as_of is not None:
        query = query.where(or_(Registration.effective_on.is_(None), Registration.effective_on <= as_of))
    row = work.session.scalar(query)
    return row.registration if row else {}


def record_registration(
    work: UnitOfWork,
    organization: Organization,
    values: dict[str, Any],
    effective_on: date | None,
    reason: str | None,
) -> Registration:
    """Add a version of the registration (plain values of DESIGN 5.1), with its audit event."""
    require_proposal(work, organization.id, "registration")
    organization.registration_version += 1
    row = Registration(
        organization_id=organization.id,
        number=organization.registration_version,
        effective_on=effective_on,
        registration=values,
        reason=reason,
        recorded_by=work.principal.id,
        trail_chain=work.own_chain,
    )
    work.session.add(row)
    work.session.flush()
    after = {"number": row.number, "registration": values, "reason": reason}
    work.record(Event.CLIENT_REGISTRATION_ADD, subject=organization.id, after=after)
    return row
