"""The matrix over HTTP."""

from app.examination.matrix import service
from app.examination.matrix.schemas import MatrixOut
from app.platform.unit_of_work import Work
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}", tags=["screenings"])


@router.get("/matrix")
def read_matrix(tender_id: Id, work: Work) -> MatrixOut:
    """Return all bidders of a tender against all requirements, each by its newest screening."""
    return service.matrix_of(work, tender_id)
