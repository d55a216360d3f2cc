"""Dossiers over HTTP: replace, read masked, or read unmasked with a reason."""

from typing import Annotated, Any

from fastapi import Response

from app.bidders.confidential import counts_of
from app.bidders.dossier_format import DossierPart
from app.bidders.dossiers import service
from app.bidders.organizations import registry
from app.bidders.organizations.out import shown
from app.bidders.organizations.schemas import (
    OrganizationOut,
)
from app.platform.access.masking import masked_facts
from app.platform.unit_of_work import Work
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.schema import Shaped, Unmasking
from app.platform.web.types import Id

ShownDossier = Annotated[dict[str, Any], Shaped(DossierPart)]

router = Router(prefix="/organizations", tags=["organizations"])


@router.put("/{organization_id}/dossier")
def put_dossier(
    organization_id: Id, body: DossierPart, work: Work, if_match: IfMatch, response: Response
) -> OrganizationOut:
    """Replace the whole dossier; changed parts become new versions. Without `roster` the roster stays.

    `If-Match` is optional, since no version is ever lost.
    """
    organization = registry.visible(work, organization_id)
    if if_match is not None:
        require_match(if_match, counts_of(work, organization).version)
    return shown(work, service.put_dossier(work, organization, body), response)


@router.get("/{organization_id}/dossier")
def read_dossier(organization_id: Id, work: Work, response: Response) -> ShownDossier:
    """Return the current dossier in the format of `PUT`, with ID numbers masked."""
    organization = registry.visible(work, organization_id)
    response.headers["ETag"] = etag(counts_of(work, organization).version)
    dossier: dict[str, Any] = masked_facts(service.dossier_of(work, organization.id))
    return dossier


@router.post("/{organization_id}/dossier/unmask")
def read_dossier_unmasked(organization_id: Id, body: Unmasking, work: Work) -> ShownDossier:
    """Return the dossier with ID numbers in clear; the audit trail records who asked, and the reason."""
    return service.unmask(work, registry.visible(work, organization_id), body.reason)
