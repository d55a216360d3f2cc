"""Organizations over HTTP: name and identifier, registrations by version, the whole dossier."""

from typing import Annotated, Any

from fastapi import Path, Query, Response

from app.access.masking import masked_facts
from app.organizations import registry, service
from app.organizations.schemas import (
    Code,
    OrganizationChange,
    OrganizationIn,
    OrganizationOut,
    RegistrationIn,
    RegistrationOut,
)
from app.organizations.tables import Organization, Registration
from app.screening.dossier import DossierPart
from app.web.paging import Page, Paging
from app.web.preconditions import IfMatch, etag, require_match
from app.web.routing import Router
from app.web.schema import Unmasking
from app.web.types import Id
from app.work import Work

router = Router(prefix="/organizations", tags=["organizations"])
Number = Annotated[int, Path(ge=1, le=1_000_000)]


@router.post("", status_code=201)
def create_organization(body: OrganizationIn, work: Work, response: Response) -> OrganizationOut:
    """Record an organization; a valid unified social credit code stands for one only."""
    row = registry.create(work, body)
    response.headers["Location"] = f"/api/v1/organizations/{row.id}"
    return OrganizationOut.shown(row, response)


@router.get("")
def list_organizations(
    work: Work, paging: Paging, code: Annotated[Code | None, Query()] = None
) -> Page[OrganizationOut]:
    """Organizations; a bidder sees itself only."""
    return paging.page(work.session, registry.listing(work, code), key=Organization.id, view=OrganizationOut.of)


@router.get("/{organization_id}")
def read_organization(organization_id: Id, work: Work, response: Response) -> OrganizationOut:
    """An organization."""
    return OrganizationOut.shown(registry.visible(work, organization_id), response)


@router.patch("/{organization_id}")
def change_organization(
    organization_id: Id, body: OrganizationChange, work: Work, if_match: IfMatch, response: Response
) -> OrganizationOut:
    """Another name or identifier."""
    row = registry.visible(work, organization_id)
    require_match(if_match, row.version)
    return OrganizationOut.shown(registry.change(work, row, body), response)


@router.post("/{organization_id}/registrations", status_code=201)
def add_registration(organization_id: Id, body: RegistrationIn, work: Work, response: Response) -> RegistrationOut:
    """A new version of the registration; earlier ones stay."""
    organization = registry.visible(work, organization_id)
    row = service.add_registration(work, organization, body)
    response.headers["Location"] = f"/api/v1/organizations/{organization_id}/registrations/{row.number}"
    return RegistrationOut.of(row)


@router.get("/{organization_id}/registrations")
def list_registrations(organization_id: Id, work: Work, paging: Paging) -> Page[RegistrationOut]:
    """All versions of the registration, the latest first."""
    query = service.registrations_of(registry.visible(work, organization_id))
    return paging.page(work.session, query, key=Registration.number, view=RegistrationOut.of, descending=True)


@router.get("/{organization_id}/registrations/{number}")
def read_registration(organization_id: Id, number: Number, work: Work) -> RegistrationOut:
    """One version of the registration."""
    organization = registry.visible(work, organization_id)
    return RegistrationOut.of(service.registration_by_number(work, organization, number))


@router.put("/{organization_id}/dossier")
def put_dossier(
    organization_id: Id, body: DossierPart, work: Work, if_match: IfMatch, response: Response
) -> OrganizationOut:
    """The whole dossier of DESIGN 5.1; parts that differ become new versions. Without `roster` the roster stays.

    `If-Match` is honoured where it is sent: no version is ever lost.
    """
    organization = registry.visible(work, organization_id)
    if if_match is not None:
        require_match(if_match, organization.version)
    return OrganizationOut.shown(service.put_dossier(work, organization, body), response)


@router.get("/{organization_id}/dossier")
def read_dossier(organization_id: Id, work: Work, response: Response) -> dict[str, Any]:
    """The dossier as it is recorded now, in the shape it is put in, ID numbers masked."""
    organization = registry.visible(work, organization_id)
    response.headers["ETag"] = etag(organization.version)
    shown: dict[str, Any] = masked_facts(service.dossier_of(work, organization.id))
    return shown


@router.post("/{organization_id}/dossier/unmask")
def read_dossier_unmasked(organization_id: Id, body: Unmasking, work: Work) -> dict[str, Any]:
    """The dossier with ID numbers in clear, for a reason; who asked, and why, is on record."""
    return service.unmask(work, registry.visible(work, organization_id), body.reason)
