"""An organization as its reader sees it: the latest visible version of each part, and the ETag that follows from them."""

from fastapi import Response

from app.bidders.confidential import counts_of
from app.bidders.organizations.schemas import OrganizationOut
from app.bidders.organizations.tables import Organization
from app.platform.unit_of_work import UnitOfWork
from app.platform.web.preconditions import etag


def organization_out(work: UnitOfWork, row: Organization) -> OrganizationOut:
    """Return an organization for the principal."""
    return OrganizationOut.of(row, counts_of(work, row))


def shown(work: UnitOfWork, row: Organization, response: Response) -> OrganizationOut:
    """Return an organization for the principal, with its version as the response's ETag."""
    told = organization_out(work, row)
    response.headers["ETag"] = etag(told.version)
    return told
