"""Amendments with the deadline that the law asks for, and the notices of the result (财政部令第87号 第二十七条、第六十九条)."""

from typing import Any

from sqlalchemy import Select, func, or_, select

from app.audit.events import Event
from app.awards.service import listing as awards_of
from app.bids.service import standing
from app.core.awards import AwardState
from app.core.deadlines import Clock, day_in_china, deadline_after_amendment
from app.core.tender_state import TenderState
from app.deadlines.service import start
from app.evaluation.service import lot_ranking
from app.notices.publish import say
from app.notices.schemas import AmendmentIn
from app.notices.tables import Amendment, Notice
from app.problems import Conflict, Fault, Invalid
from app.tenders.procedure import procedure_of
from app.tenders.service import put_off, visible
from app.work import UnitOfWork


class AwardsOpen(Conflict):
    """The result is announced once every lot that is not failed has its award; later only what is new."""

    code, title = "awards_open", "Not every lot is decided, or the result has been announced"
    article = "财政部令第87号 第六十九条"


def amend(work: UnitOfWork, tender_id: str, body: AmendmentIn) -> Amendment:
    """A new version of the documents: every bidder is told, the deadline moves where the law says so."""
    tender = visible(work, tender_id)
    procedure_of(work, tender_id).require(TenderState.TENDERING)
    before = tender.bid_deadline
    if before is None or work.now >= before:
        raise Conflict("The bid deadline has passed")
    if body.bid_deadline is not None and body.bid_deadline < before:
        fault = Fault("earlier", "A deadline no earlier than the published one is expected", "/bidDeadline")
        raise Invalid(faults=[fault])
    least = deadline_after_amendment(work.now, before, affects_bids=body.affects_bids)
    after = max(least, body.bid_deadline or least)
    put_off(work, tender, after)
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
    say(work, tender_id, "amendment", {**moved, "text": row.text, "affectsBids": row.affects_bids})
    return row


def announce_awards(work: UnitOfWork, tender_id: str) -> list[Notice]:
    """The result to everybody, and to each loser its own score and rank; periods for questions and signing begin."""
    procedure = procedure_of(work, tender_id)
    procedure.require(TenderState.AWARDED)
    rows = work.session.scalars(awards_of(work, tender_id)).all()
    decided = {row.lot_id: row for row in rows if row.state in (AwardState.ACTIVE, AwardState.UNSUCCESSFUL)}
    told = _told(work, tender_id)
    new = [row for row in decided.values() if row.id not in told]
    undecided = any(lot.id not in decided and lot.state == "active" for lot in procedure.lots)
    if undecided or not new:
        raise AwardsOpen
    today = day_in_china(work.now)
    notices = [say(work, tender_id, "award_result", {"lots": [_result(row) for row in new]})]
    for row in new:
        if row.state == AwardState.ACTIVE:
            notices += _own_results(work, tender_id, row)
            start(work, tender_id, Clock.SIGNING, row.id, today, organization=row.organization_id)
    start(work, tender_id, Clock.QUESTION, notices[0].id, today)
    return notices


def _told(work: UnitOfWork, tender_id: str) -> set[str]:
    """The awards that were announced: after a winner fell, only the new one is news."""
    query = select(Notice.content).where(Notice.tender_id == tender_id, Notice.kind == "award_result")
    return {lot["award"] for content in work.session.scalars(query) for lot in content["lots"]}


def _result(row: Any) -> dict[str, Any]:
    return {
        "award": row.id,
        "lot": row.lot_id,
        "state": row.state,
        "organization": row.organization_id,
        "price": None if row.price is None else f"{row.price:.2f}",
        "reason": row.reason,
    }


def _own_results(work: UnitOfWork, tender_id: str, award: Any) -> list[Notice]:
    """With scoring each loser is told its own score and rank (第六十九条第四款); why a bid was invalid, too."""
    ranking = lot_ranking(work, award.lot_id)
    ranked = {row["bid"]: row for row in ranking.rows} if ranking else {}
    found = []
    for bid in standing(work, award.lot_id):
        if bid.id == award.bid_id:
            continue
        own = ranked.get(bid.id)
        content = {
            "lot": award.lot_id,
            "bid": bid.id,
            "state": bid.state,
            "total": own["total"] if own else None,
            "rank": own["rank"] if own else None,
        }
        found.append(say(work, tender_id, "own_result", content, bid.organization_id))
    return found


def notices(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """The notices of a tender; a bidder sees those to all and to itself."""
    visible(work, tender_id)
    query = select(Notice).where(Notice.tender_id == tender_id)
    scope = work.principal.organization_scope
    if scope is not None:
        query = query.where(or_(Notice.organization_id.is_(None), Notice.organization_id == scope))
    return query


def amendments(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """The amendments of a tender."""
    visible(work, tender_id)
    return select(Amendment).where(Amendment.tender_id == tender_id)
