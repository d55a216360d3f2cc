"""Announcing the result over HTTP."""

from app.awarding.results import service
from app.platform.unit_of_work import Work
from app.platform.web.routing import Router
from app.platform.web.schema import Output
from app.platform.web.types import Id
from app.tendering.notices.schemas import NoticeOut

router = Router(prefix="/tenders/{tender_id}", tags=["notices"])


class Announced(Output):
    """The published notices."""

    items: list[NoticeOut]


@router.post("/award-notices", status_code=201)
def announce_awards(tender_id: Id, work: Work) -> Announced:
    """Announce the result; each unsuccessful bidder receives its own score and rank."""
    return Announced(items=[NoticeOut.of(row) for row in service.announce_awards(work, tender_id)])
