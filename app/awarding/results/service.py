"""Announce the awards: the public notice, and each bidder's own result."""

from typing import Any

from sqlalchemy import select

from app.awarding.awards.service import listing as awards_of
from app.awarding.evaluation.service import lot_ranking
from app.core.awards.assignment import AwardState
from app.core.procedure.deadlines import Clock
from app.core.procedure.tender_state import TenderState
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import bids_in_play
from app.tendering.deadlines.service import start
from app.tendering.notices.publish import publish_notice
from app.tendering.notices.tables import Notice
from app.tendering.tenders.practice import tender_day
from app.tendering.tenders.procedure import procedure_of


class AwardsOpen(Conflict):
    """The result is announced once every lot has an award or has failed; later ones contain only new awards."""

    code, title = "awards_open", "Lots are undecided, or the result is already announced"
    article = "财政部令第87号 第六十九条"


def announce_awards(work: UnitOfWork, tender_id: str) -> list[Notice]:
    """Publish the result, notify each unsuccessful bidder, and start the periods for questions and signing."""
    procedure = procedure_of(work, tender_id)
    procedure.require(TenderState.AWARDED)
    rows = work.session.scalars(awards_of(work, tender_id)).all()
    decided = {row.lot_id: row for row in rows if row.state in (AwardState.ACTIVE, AwardState.UNSUCCESSFUL)}
    told = announced_awards(work, tender_id)
    new = [row for row in decided.values() if row.id not in told]
    undecided = any(lot.id not in decided and lot.state == "active" for lot in procedure.lots)
    if undecided or not new:
        raise AwardsOpen
    today = tender_day(work, tender_id)
    notices = [publish_notice(work, tender_id, "award_result", {"lots": [_result(row) for row in new]})]
    for row in new:
        if row.state == AwardState.ACTIVE:
            notices += _own_results(work, tender_id, row)
            start(work, tender_id, Clock.SIGNING, row.id, today, organization=row.organization_id)
    start(work, tender_id, Clock.QUESTION, notices[0].id, today)
    return notices


def announced_awards(work: UnitOfWork, tender_id: str) -> set[str]:
    """Return the ids of the awards that a notice to all has announced."""
    query = select(Notice.content).where(Notice.tender_id == tender_id, Notice.kind == "award_result")
    return {lot["award"] for content in work.session.scalars(query) for lot in content["lots"]}


def _result(row: Any) -> dict[str, Any]:
    return {
        "award": row.id,
        "lotId": row.lot_id,
        "state": row.state,
        "organizationId": row.organization_id,
        "price": None if row.price is None else f"{row.price:.2f}",
        "reason": row.reason,
    }


def _own_results(work: UnitOfWork, tender_id: str, award: Any) -> list[Notice]:
    """With scoring each unsuccessful bidder receives its own score and rank (第六十九条第四款), and why its bid was invalid."""
    ranking = lot_ranking(work, award.lot_id)
    ranked = {row["bid"]: row for row in ranking.rows} if ranking else {}
    found = []
    for bid in bids_in_play(work, award.lot_id):
        if bid.id == award.bid_id:
            continue
        own = ranked.get(bid.id)
        content = {
            "lotId": award.lot_id,
            "bid": bid.id,
            "state": bid.state,
            "total": own["total"] if own else None,
            "rank": own["rank"] if own else None,
        }
        found.append(publish_notice(work, tender_id, "own_result", content, bid.organization_id))
    return found
