"""Rosters over HTTP, nested under their organization."""

from typing import Annotated

from fastapi import Query, Response

from app.bidders.confidential import counts_of
from app.bidders.dossier_format import plain_values
from app.bidders.organizations import registry
from app.bidders.rosters import service, upload
from app.bidders.rosters.schemas import RosterHead, RosterIn, RosterOut, RosterUploadOut
from app.bidders.rosters.tables import RosterVersion
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.platform.web.uploads import Upload

router = Router(prefix="/organizations/{organization_id}", tags=["rosters"])
Number = Annotated[int | None, Query(ge=1, le=1_000_000, description="Defaults to the latest")]


@router.put("/roster")
def put_roster(organization_id: Id, body: RosterIn, work: Work, if_match: IfMatch, response: Response) -> RosterHead:
    """Add a version of the roster from JSON. `If-Match` (the organization's ETag) is optional."""
    organization = registry.visible(work, organization_id)
    if if_match is not None:
        require_match(if_match, counts_of(work, organization).version)
    roster = service.add_lines(work, organization, [plain_values(line) for line in body.lines])
    response.headers["ETag"] = etag(counts_of(work, organization).version)
    return RosterHead.model_validate(roster)


@router.post("/roster", status_code=201)
def upload_roster(organization_id: Id, file: Upload, work: Work, response: Response) -> RosterUploadOut:
    """Add a version of the roster from XLSX, XLS, ODS or CSV. The file is kept even if it contains no roster."""
    uploaded = upload.upload_roster(work, organization_id, file)
    response.headers["Location"] = f"/api/v1/organizations/{organization_id}/roster"
    return uploaded


@router.get("/roster")
def read_roster(organization_id: Id, work: Work, number: Number = None) -> RosterOut:
    """Return a version of the roster with its lines, ID numbers masked."""
    return service.shown(work, registry.visible(work, organization_id), number)


@router.get("/roster/versions")
def list_rosters(organization_id: Id, work: Work, paging: Paging) -> Page[RosterHead]:
    """List all versions of the roster, the latest first."""
    registry.visible(work, organization_id)
    query = service.versions(work, organization_id)
    return paging.page(work.session, query, key=RosterVersion.number, view=RosterHead.model_validate, descending=True)
