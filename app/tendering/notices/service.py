"""Amendments with the statutory extension of the deadline, and notices (财政部令第87号 第二十七条、第六十九条)."""

from typing import Any

from sqlalchemy import Select, func, or_, select

from app.core.procedure.deadlines import deadline_after_amendment
from app.core.procedure.tender_state import TenderState
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.notices.publish import publish_notice
from app.tendering.notices.schemas import AmendmentIn
from app.tendering.notices.tables import Amendment, Notice
from app.tendering.tenders.practice import time_of
from app.tendering.tenders.procedure import procedure_of
from app.tendering.tenders.service import extend_deadline, visible


def amend(work: UnitOfWork, tender_id: str, body: AmendmentIn) -> Amendment:
    """Record a new version of the documents, notify all bidders, and extend the deadline if the law requires it."""
    tender = visible(work, tender_id)
    procedure_of(work, tender_id).require(TenderState.TENDERING)
    before = tender.bid_deadline
    if before is None or time_of(work, tender) >= before:
        raise Conflict("The bid deadline has passed")
    if body.bid_deadline is not None and body.bid_deadline < before:
        fault = Fault("earlier", "A deadline no earlier than the published one is expected", "/bidDeadline")
        raise Invalid(faults=[fault])
    least = deadline_after_amendment(time_of(work, tender), before, affects_bids=body.affects_bids)
    after = max(least, body.bid_deadline or least)
    extend_deadline(work, tender, after)
    last = work.session.scalar(select(func.max(Amendment.number)).where(Amendment.tender_id == tender_id))
    row = Amendment(
        tender_id=tender_id,
        number=(last or 0) + 1,
        text=body.text,
        affects_bids=body.affects_bids,
        deadline_before=before,
        deadline_after=after,
        terms_sha256=tender.terms_sha256 or "",
        published_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    moved = {"number": row.number, "deadlineBefore": before.isoformat(), "deadlineAfter": after.isoformat()}
    work.record(Event.OFFICER_TENDER_AMEND, subject=row.id, tender=tender_id, after=moved)
    publish_notice(work, tender_id, "amendment", {**moved, "text": row.text, "affectsBids": row.affects_bids})
    return row


def notices(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Return the notices of a tender; a bidder sees those to all and to itself."""
    visible(work, tender_id)
    query = select(Notice).where(Notice.tender_id == tender_id)
    scope = work.principal.organization_scope
    if scope is not None:
        query = query.where(or_(Notice.organization_id.is_(None), Notice.organization_id == scope))
    return query


def amendments(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Return the amendments of a tender."""
    visible(work, tender_id)
    return select(Amendment).where(Amendment.tender_id == tender_id)
