"""Open data over HTTP."""

from typing import Annotated, Literal

from fastapi import Query

from app.awarding.ocds import service
from app.awarding.ocds.schemas import OcdsRecordPackage, OcdsReleasePackage
from app.platform.unit_of_work import Work
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}/exports", tags=["exports"])
Kind = Annotated[
    Literal["record", "release"],
    Query(description="`record`: the merged state with its releases; `release`: the releases alone"),
]


@router.get("/ocds")
def export_ocds(tender_id: Id, work: Work, package: Kind = "record") -> OcdsRecordPackage | OcdsReleasePackage:
    """Export a published tender as OCDS 1.1 open data; bids after the opening, results after their announcement."""
    return service.record_package(work, tender_id) if package == "record" else service.release_package(work, tender_id)
