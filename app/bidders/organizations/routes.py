"""Organizations over HTTP: name and identifier, registrations by version, the whole dossier."""

from typing import Annotated

from fastapi import Path, Query, Response

from app.bidders.confidential import counts_of
from app.bidders.organizations import registry, service
from app.bidders.organizations.out import organization_out, shown
from app.bidders.organizations.schemas import (
    Code,
    OrganizationChange,
    OrganizationIn,
    OrganizationOut,
    RegistrationIn,
    RegistrationOut,
)
from app.bidders.organizations.tables import Organization, Registration
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/organizations", tags=["organizations"])
Number = Annotated[int, Path(ge=1, le=1_000_000)]


@router.post("", status_code=201)
def create_organization(body: OrganizationIn, work: Work, response: Response) -> OrganizationOut:
    """Create an organization; a valid unified social credit code identifies one only."""
    row = registry.create(work, body)
    response.headers["Location"] = f"/api/v1/organizations/{row.id}"
    return shown(work, row, response)


@router.get("")
def list_organizations(
    work: Work, paging: Paging, code: Annotated[Code | None, Query()] = None
) -> Page[OrganizationOut]:
    """List organizations; a bidder sees itself only."""
    return paging.page(
        work.session, registry.listing(work, code), key=Organization.id, view=lambda row: organization_out(work, row)
    )


@router.get("/{organization_id}")
def read_organization(organization_id: Id, work: Work, response: Response) -> OrganizationOut:
    """Return an organization."""
    return shown(work, registry.visible(work, organization_id), response)


@router.patch("/{organization_id}")
def change_organization(
    organization_id: Id, body: OrganizationChange, work: Work, if_match: IfMatch, response: Response
) -> OrganizationOut:
    """Change an organization's name or identifier."""
    row = registry.visible(work, organization_id)
    require_match(if_match, counts_of(work, row).version)
    return shown(work, registry.change(work, row, body), response)


@router.post("/{organization_id}/registrations", status_code=201)
def add_registration(organization_id: Id, body: RegistrationIn, work: Work, response: Response) -> RegistrationOut:
    """Add a version of the registration; earlier versions stay."""
    organization = registry.visible(work, organization_id)
    row = service.add_registration(work, organization, body)
    response.headers["Location"] = f"/api/v1/organizations/{organization_id}/registrations/{row.number}"
    return RegistrationOut.of(row)


@router.get("/{organization_id}/registrations")
def list_registrations(organization_id: Id, work: Work, paging: Paging) -> Page[RegistrationOut]:
    """List all versions of the registration, the latest first."""
    query = service.registrations_of(work, registry.visible(work, organization_id))
    return paging.page(work.session, query, key=Registration.number, view=RegistrationOut.of, descending=True)


@router.get("/{organization_id}/registrations/{number}")
def read_registration(organization_id: Id, number: Number, work: Work) -> RegistrationOut:
    """Return one version of the registration."""
    organization = registry.visible(work, organization_id)
    return RegistrationOut.of(service.registration_by_number(work, organization, number))
