"""Routes of a bidder's dossier within a tender."""

from app.examination.dossiers import service
from app.examination.dossiers.schemas import DossierAtDeadlineOut
from app.platform.unit_of_work import Work
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}", tags=["screenings"])


@router.get("/dossiers/{organization_id}")
def read_dossier_at_deadline(tender_id: Id, organization_id: Id, work: Work) -> DossierAtDeadlineOut:
    """List every version of a bidder's name, registration, particulars, roster and documents, late ones marked."""
    return service.shown(work, tender_id, organization_id)
