"""Qualifications 资格审查结论: an officer accepts a screening's proposal, or overrules it with a reason."""

from typing import Any

from sqlalchemy import Select, select

from app.core.facts.outcome import Verdict
from app.core.procedure.qualification import DECIDED, QUALIFICATION, Qualification, needs_reason, overrules
from app.core.procedure.state_machine import Mover
from app.examination.consortia.service import require_sound
from app.examination.integrity.effects import require_decided
from app.examination.qualifications.schemas import QualificationChange, QualificationIn
from app.examination.qualifications.tables import QualificationRow
from app.examination.reviews.citing import require_citable
from app.examination.screening.proposals import Proposal, proposal_of
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids import service as bids
from app.tendering.tenders.procedure import procedure_of


class QualificationExists(Conflict):
    """A bid can have one current decision; it must be cancelled before another one."""

    code, title = "qualification_exists", "The bid already has a qualification; cancel it first"


class QualificationDecided(Conflict):
    """A decision cannot be changed, only cancelled with a reason and made again."""

    code, title = "qualification_decided", "A decided qualification can only be cancelled"
    subjects = ("qualification",)


class ScreeningOutdated(Conflict):
    """A decision must cite the newest screening of the organization in this tender."""

    code, title = "screening_outdated", "The cited screening is outdated: a newer one exists in this tender"


def create(work: UnitOfWork, tender_id: str, body: QualificationIn) -> QualificationRow:
    """Decide on a bid, or ask its bidder for a clarification first."""
    procedure_of(work, tender_id).require(*bids.OPEN)
    bid = _bid(work, tender_id, body.bid)
    proposal = _proposal(work, tender_id, bid.organization_id, body.screening)
    if work.session.scalar(_standing(bid.id)) is not None:
        raise QualificationExists
    require_citable(work, body.review, tender_id, bid.organization_id)
    state = Qualification(body.state)
    _hold_up(work, tender_id, bid, state)
    asked = body.clarification
    if (state is Qualification.PENDING) != (asked is not None):
        expected = "A clarification is expected with `pending`, and only there"
        raise Invalid(faults=[Fault("clarification", expected, "/clarification")])
    row = QualificationRow(
        tender_id=tender_id,
        lot_id=bid.lot_id,
        bid_id=bid.id,
        organization_id=bid.organization_id,
        screening_id=proposal.screening_id,
        proposal=proposal.verdict.value,
        question=asked.question if asked else None,
        answer_due_on=asked.due_on if asked else None,
        review_id=body.review,
    )
    _decide(work, row, state, body.reason)
    work.session.add(row)
    work.session.flush()
    work.record(Event.OFFICER_QUALIFICATION_CREATE, subject=row.id, tender=tender_id, after=_facts(row))
    return row


def change(work: UnitOfWork, row: QualificationRow, body: QualificationChange) -> QualificationRow:
    """Decide a pending qualification, or cancel a decision."""
    procedure_of(work, row.tender_id).require(*bids.OPEN)
    state = Qualification(body.state)
    QUALIFICATION.require(Qualification(row.state), state, Mover.OFFICER)
    _hold_up(work, row.tender_id, _bid(work, row.tender_id, row.bid_id), state)
    before = _facts(row)
    if body.screening is not None:
        proposal = _proposal(work, row.tender_id, row.organization_id, body.screening)
        row.screening_id, row.proposal = proposal.screening_id, proposal.verdict.value
    require_citable(work, body.review, row.tender_id, row.organization_id)
    row.review_id = body.review or row.review_id
    row.answer = body.answer or row.answer
    _decide(work, row, state, body.reason)
    work.session.flush()
    work.record(
        Event.OFFICER_QUALIFICATION_CHANGE, subject=row.id, tender=row.tender_id, before=before, after=_facts(row)
    )
    return row


def _hold_up(work: UnitOfWork, tender_id: str, bid: bids.BidInPlay, state: Qualification) -> None:
    """Refuse to accept a bid while an exclusion ground (实施条例 第十八条) is undecided."""
    if state is Qualification.ACTIVE:
        require_decided(work, tender_id, bid.organization_id, bid.lot_id)
        require_sound(work, bid)


def _decide(work: UnitOfWork, row: QualificationRow, state: Qualification, reason: str | None) -> None:
    proposal = Verdict(row.proposal)
    if reason is None and needs_reason(proposal, state):
        expected = "A reason is expected: the screening is undetermined or overruled, or the decision is cancelled"
        raise Invalid(faults=[Fault("reason_missing", expected, "/reason")])
    row.state = state.value
    row.overruled = overrules(proposal, state)
    row.reason = reason or row.reason
    if state in DECIDED:
        row.decided_by, row.decided_at = work.principal.id, work.now
    bids.follow(work, row.bid_id, state, reason)


def _bid(work: UnitOfWork, tender_id: str, bid_id: str) -> bids.BidInPlay:
    try:
        return bids.bid_in_play(bids.find(work, tender_id, bid_id))
    except NotFound:
        raise Invalid(faults=[Fault("unknown_bid", "A bid of this tender is expected", "/bid")]) from None


def _proposal(work: UnitOfWork, tender_id: str, organization_id: str, screening_id: str) -> Proposal:
    """Return the cited screening, checked to be the organization's newest in this tender."""
    found = proposal_of(work, screening_id)
    if found is None or (found.tender_id, found.organization_id) != (tender_id, organization_id):
        expected = "A screening of the bid's organization within this tender is expected"
        raise Invalid(faults=[Fault("unknown_screening", expected, "/screening")])
    if not found.newest:
        raise ScreeningOutdated
    return found


def _standing(bid_id: str) -> Select[Any]:
    return select(QualificationRow).where(
        QualificationRow.bid_id == bid_id, QualificationRow.state != Qualification.CANCELLED
    )


def _facts(row: QualificationRow) -> dict[str, object]:
    return {
        "bid": row.bid_id,
        "screening": row.screening_id,
        "proposal": row.proposal,
        "state": row.state,
        "overruled": row.overruled,
        "reason": row.reason,
        "review": row.review_id,
    }


def find(work: UnitOfWork, tender_id: str, qualification_id: str) -> QualificationRow:
    """Return a qualification of a tender; a bidder finds its own only, an evaluator those of its lots."""
    row = work.get_within(QualificationRow, qualification_id, tender_id=tender_id)
    work.principal.require_organization(row.organization_id)
    work.principal.require_lot(row.lot_id)
    return row


def listing(work: UnitOfWork, tender_id: str, lot_id: str | None) -> Select[Any]:
    """List the qualifications of a tender, of one lot if given; a bidder sees its own only, an evaluator those of its
    lots.
    """
    procedure_of(work, tender_id)
    query = select(QualificationRow).where(QualificationRow.tender_id == tender_id)
    if lot_id is not None:
        query = query.where(QualificationRow.lot_id == lot_id)
    return work.principal.confined(query, QualificationRow.organization_id, QualificationRow.lot_id)
