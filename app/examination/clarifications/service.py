"""Ask bidders equally and admit answers within bounds (财政部令第87号 第五十一条、第六十条); all are recorded."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, select

from app.core.facts.outcome import Outcome
from app.core.procedure.clarification import About, Stated, left_out, out_of_scope
from app.core.procedure.deadlines import day_in_china
from app.core.procedure.qualification import BidState
from app.core.procedure.tender_state import TenderState
from app.examination.clarifications.schemas import ClarificationAnswerIn, ClarificationsIn
from app.examination.clarifications.tables import Clarification
from app.examination.dossiers.admission import admit
from app.examination.screening.service import listing as screenings
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import BidInPlay, bids_in_play
from app.tendering.tenders.practice import tender_day
from app.tendering.tenders.procedure import procedure_of
from app.tendering.tenders.service import visible

OPEN = (TenderState.QUALIFICATION, TenderState.EVALUATION)


class CureOutOfScope(Invalid):
    """An answer may explain only facts that the bid or a public register contained at the deadline."""

    code, title = "cure_out_of_scope", "The answer contains facts that are new since the bid deadline"
    article = "财政部令第87号 第五十一条"


class NotAlike(Conflict):
    """A question must go to every bidder of the lot with the same open point."""

    code, title = "clarification_not_alike", "Other bids of this lot have the same open point and are not asked"
    article = "政府采购法 第三条"


class LowPriceUnexplained(Conflict):
    """An abnormally low price must be explained in writing, or the bid declared invalid, before the lot is awarded."""

    code, title = "low_price_unexplained", "An abnormally low price has not been explained in writing"
    article = "财政部令第87号 第六十条"


class ClarificationClosed(Conflict):
    """The clarification is already answered, or its period has expired."""

    code, title = "clarification_closed", "The clarification is already answered, or its period has expired"


def ask(work: UnitOfWork, tender_id: str, body: ClarificationsIn) -> list[Clarification]:
    """Ask bids of a lot the same question; it must go to all bids it concerns."""
    procedure = procedure_of(work, tender_id)
    procedure.require(*OPEN)
    procedure.active_lot(body.lot)
    if (body.about is About.REQUIREMENT) != (body.requirement is not None):
        expected = "A requirement is expected where one is asked about, and only there"
        raise Invalid(faults=[Fault("requirement", expected, "/requirement")])
    bids = {bid.id: bid for bid in bids_in_play(work, body.lot) if bid.state is not BidState.INVALID}
    unknown = [place for place, bid in enumerate(body.bids) if bid not in bids]
    if unknown:
        faults = [
            Fault("unknown_bid", "A bid of this lot that has not been declared invalid is expected", f"/bids/{one}")
            for one in unknown[:50]
        ]
        raise Invalid(faults=faults)
    if body.requirement is not None:
        _alike(work, tender_id, body.requirement, bids.values(), body)
    return [_put(work, tender_id, body, bids[bid]) for bid in dict.fromkeys(body.bids)]


def _alike(
    work: UnitOfWork, tender_id: str, requirement: str, bids: Iterable[BidInPlay], body: ClarificationsIn
) -> None:
    found = work.session.scalars(screenings(work, tender=tender_id, organization=None, batch=None, verdict=None))
    # the newest comes last
    results = {run.organization_id: run.result for run in sorted(found, key=lambda run: run.id)}
    concerned = [bid.id for bid in bids if _is_open(results.get(bid.organization_id), requirement)]
    query = select(Clarification.bid_id).where(
        Clarification.lot_id == body.lot, Clarification.requirement == body.requirement
    )
    missing = left_out(concerned, {*body.bids, *work.session.scalars(query)})
    if missing:
        raise NotAlike(", ".join(missing[:20]))


def _is_open(result: str | None, requirement: str) -> bool:
    found = json.loads(result).get("requirements", ()) if result else ()
    return any(one["id"] == requirement and one["outcome"] == Outcome.UNDETERMINED for one in found)


def _put(work: UnitOfWork, tender_id: str, body: ClarificationsIn, bid: BidInPlay) -> Clarification:
    row = Clarification(
        tender_id=tender_id,
        lot_id=body.lot,
        bid_id=bid.id,
        organization_id=bid.organization_id,
        about=body.about.value,
        requirement=body.requirement,
        question=body.question,
        due_on=body.due_on,
        asked_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {"bid": bid.id, "about": body.about, "requirement": body.requirement, "question": body.question}
    work.record(Event.OFFICER_CLARIFICATION_ASK, subject=row.id, tender=tender_id, after=after)
    return row


def answer(work: UnitOfWork, row: Clarification, body: ClarificationAnswerIn) -> Clarification:
    """Record the bidder's answer, once and in time; facts newer than the deadline are refused."""
    if row.answered_at is not None or tender_day(work, row.tender_id) > row.due_on:
        raise ClarificationClosed
    deadline = visible(work, row.tender_id).bid_deadline
    assert deadline is not None  # a tender past its publication has one
    day = day_in_china(deadline)
    about = About(row.about)
    stated = [Stated(one.basis, one.held_since) for one in body.facts]
    late = [place for place, one in enumerate(stated) if out_of_scope(one, day, about)]
    if late:
        expected = "A fact of the bid, or of a public register at the deadline, is expected"
        raise CureOutOfScope(faults=[Fault("cure_out_of_scope", expected, f"/facts/{place}") for place in late])
    row.answer, row.facts, row.answered_at = body.answer, [one.model_dump(mode="json") for one in body.facts], work.now
    work.session.flush()
    if about is About.REQUIREMENT:
        parts = {one.part for one in body.facts if one.part}
        admit(work, row.tender_id, row.organization_id, parts, clarification_id=row.id)
    after = {"answer": row.answer, "facts": row.facts}
    work.record(Event.BIDDER_CLARIFICATION_ANSWER, subject=row.id, tender=row.tender_id, after=after)
    return row


def require_explained(work: UnitOfWork, bids: Collection[str]) -> None:
    """Raise LowPriceUnexplained while one of these bids, far below the others in price, has given no written
    explanation.
    """
    query = select(Clarification.bid_id).where(
        Clarification.bid_id.in_(bids),
        Clarification.about == About.LOW_PRICE.value,
        Clarification.answered_at.is_not(None),
    )
    missing = set(bids) - set(work.session.scalars(query))
    if missing:
        raise LowPriceUnexplained(", ".join(sorted(missing)[:20]))


def find(work: UnitOfWork, tender_id: str, clarification_id: str) -> Clarification:
    """Return a clarification; a bidder finds its own only."""
    row = work.get_within(Clarification, clarification_id, tender_id=tender_id)
    work.principal.require_organization(row.organization_id)
    return row


def listing(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """List the clarifications of a tender; a bidder sees its own."""
    procedure_of(work, tender_id)
    query = select(Clarification).where(Clarification.tender_id == tender_id)
    scope = work.principal.organization_scope
    return query if scope is None else query.where(Clarification.organization_id == scope)
