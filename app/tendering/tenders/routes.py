"""Tenders over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import Query, Response

from app.core.procedure.tender_state import TenderState
from app.platform.unit_of_work import UnitOfWork, Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.tenders import service
from app.tendering.tenders.practice import advance, time_of
from app.tendering.tenders.schemas import (
    Cancellation,
    LotOut,
    LotsIn,
    Move,
    PolicyIn,
    PolicyOut,
    PracticeClockIn,
    TenderChange,
    TenderIn,
    TenderOut,
)
from app.tendering.tenders.tables import Lot, Tender

router = Router(prefix="/tenders", tags=["tenders"])


@router.post("", status_code=201)
def create_tender(body: TenderIn, work: Work, response: Response) -> TenderOut:
    """Create a draft from a preset, or with its own lots and policy."""
    tender = service.create(work, body)
    response.headers["Location"] = f"/api/v1/tenders/{tender.id}"
    return _shown(work, tender, response)


@router.get("")
def list_tenders(work: Work, paging: Paging, state: Annotated[TenderState | None, Query()] = None) -> Page[TenderOut]:
    """List tenders; only those who prepare drafts see them."""
    return paging.page(work.session, service.listing(work, state), key=Tender.id, view=partial(_out, work))


@router.get("/{tender_id}")
def read_tender(tender_id: Id, work: Work, response: Response) -> TenderOut:
    """Return a tender."""
    return _shown(work, service.visible(work, tender_id), response)


@router.patch("/{tender_id}")
def change_tender(tender_id: Id, body: TenderChange, work: Work, if_match: IfMatch, response: Response) -> TenderOut:
    """Change a draft."""
    tender = service.visible(work, tender_id)
    require_match(if_match, tender.version)
    return _shown(work, service.change(work, tender, body), response)


@router.get("/{tender_id}/lots")
def list_lots(tender_id: Id, work: Work, paging: Paging) -> Page[LotOut]:
    """List the lots in their order."""
    service.visible(work, tender_id)
    query = service.lots_query(tender_id)
    return paging.page(work.session, query, key=Lot.position, view=LotOut.of)


@router.put("/{tender_id}/lots")
def put_lots(tender_id: Id, body: LotsIn, work: Work, if_match: IfMatch, response: Response) -> list[LotOut]:
    """Replace all lots of a draft."""
    tender = service.visible(work, tender_id)
    require_match(if_match, tender.version)
    response.headers["ETag"] = etag(service.put_lots(work, tender, body).version)
    return [LotOut.of(lot) for lot in service.lots_of(work, tender_id)]


@router.get("/{tender_id}/policy")
def read_tender_policy(tender_id: Id, work: Work) -> PolicyOut:
    """Return the policy document of a tender with its hash."""
    return PolicyOut.of_tender(service.visible(work, tender_id))


@router.put("/{tender_id}/policy")
def put_tender_policy(tender_id: Id, body: PolicyIn, work: Work, if_match: IfMatch, response: Response) -> PolicyOut:
    """Replace the policy of a draft."""
    tender = service.visible(work, tender_id)
    require_match(if_match, tender.version)
    changed = service.put_policy(work, tender, body)
    response.headers["ETag"] = etag(changed.version)
    return PolicyOut.of_tender(changed)


@router.post("/{tender_id}/publish")
def publish_tender(tender_id: Id, work: Work, response: Response) -> TenderOut:
    """Publish a tender and freeze its policy, lots, scheme and award rule."""
    return _shown(work, service.publish(work, service.visible(work, tender_id)), response)


@router.post("/{tender_id}/move")
def move_tender(tender_id: Id, body: Move, work: Work, response: Response) -> TenderOut:
    """Move a published tender to its next state."""
    tender = service.visible(work, tender_id)
    return _shown(work, service.move(work, tender, TenderState(body.to), body.reason), response)


@router.post("/{tender_id}/practice-clock")
def advance_practice_clock(tender_id: Id, body: PracticeClockIn, work: Work, response: Response) -> TenderOut:
    """Advance the clock of a practice tender; a real tender's is refused (409 `not_practice`)."""
    return _shown(work, advance(work, service.visible(work, tender_id), body.to), response)


@router.post("/{tender_id}/cancel")
def cancel_tender(tender_id: Id, body: Cancellation, work: Work, response: Response) -> TenderOut:
    """End a tender without an award."""
    return _shown(work, service.cancel(work, service.visible(work, tender_id), body.reason), response)


def _shown(work: UnitOfWork, tender: Tender, response: Response) -> TenderOut:
    response.headers["ETag"] = etag(tender.version)
    return _out(work, tender)


def _out(work: UnitOfWork, tender: Tender) -> TenderOut:
    return TenderOut.of(tender, service.warnings_of(work, tender), time_of(work, tender))
