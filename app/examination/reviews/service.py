"""Reviews: requested by the bidder, assigned to and decided by a named officer, within working days."""

from typing import Any

from sqlalchemy import Select, select

from app.core.procedure.deadlines import Clock
from app.core.procedure.review import OPEN, REVIEW, ReviewState, lacking
from app.core.procedure.state_machine import Mover
from app.examination.qualifications.citations import deciders
from app.examination.reviews.effects import effects_of
from app.examination.reviews.schemas import ReviewDecision, ReviewIn, ReviewOut
from app.examination.reviews.tables import Review
from app.examination.screening.proposals import reviewable
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Forbidden, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.deadlines.service import meet, overdue_subjects, running, start
from app.tendering.tenders.practice import tender_day
from app.tendering.tenders.procedure import procedure_of


class ReviewOpen(Conflict):
    """Only one review of a screening can be open at a time."""

    code, title = "review_open", "A review of this screening is already open"
    article = "个人信息保护法 第二十四条"


class ReviewStep(Conflict):
    """The review is decided, withdrawn, or not assigned yet."""

    code, title = "review_step", "The review's state does not allow this step"
    subjects = ("review",)
    article = "个人信息保护法 第二十四条"


def ask(work: UnitOfWork, tender_id: str, body: ReviewIn) -> Review:
    """Receive a bidder's request; the period begins (个人信息保护法 第二十四条、第五十条)."""
    procedure_of(work, tender_id)
    own = work.principal.organization_scope
    if own is None:
        raise Forbidden
    screening = reviewable(work, body.screening, tender_id)
    if screening is None or screening.organization_id != own:
        expected = "A screening of one's own within this tender is expected"
        raise Invalid(faults=[Fault("unknown_screening", expected, "/screening")])
    _require_known(body.requirements, screening.requirements)
    opened = select(Review.id).where(Review.screening_id == body.screening, Review.state.in_(OPEN))
    if work.session.scalar(opened) is not None:
        raise ReviewOpen
    today, days = tender_day(work, tender_id), work.settings.review_working_days
    row = Review(
        tender_id=tender_id,
        organization_id=own,
        screening_id=body.screening,
        text=body.text,
        requirements=sorted(set(body.requirements)),
        asked_on=today,
    )
    work.session.add(row)
    work.session.flush()
    start(work, tender_id, Clock.REVIEW, row.id, today, organization=own, days=days)
    work.record(Event.BIDDER_REVIEW_ASK, subject=row.id, tender=tender_id, after=_facts(row))
    return row


def _require_known(asked: list[str], known: frozenset[str]) -> None:
    faults = [
        Fault("unknown_requirement", "A requirement of the screening is expected", f"/requirements/{position}")
        for position, one in enumerate(asked)
        if one not in known
    ]
    if faults:
        raise Invalid(faults=faults)


def take_up(work: UnitOfWork, row: Review) -> Review:
    """Assign the review to the officer."""
    return _step(work, row, ReviewState.TAKEN_UP, Mover.OFFICER, Event.OFFICER_REVIEW_TAKE_UP)


def decide(work: UnitOfWork, row: Review, body: ReviewDecision) -> Review:
    """Uphold the result, or record that it was changed by what cites this review."""
    outcome, officer = ReviewState(body.outcome), work.principal.id
    _require_step(row, outcome, Mover.OFFICER)
    screening = reviewable(work, row.screening_id, row.tender_id)
    earlier = deciders(work, row.screening_id) | ({screening.created_by} if screening else set())
    effects = effects_of(work, row.id).all
    found = lacking(outcome, officer, earlier, excuse=body.same_officer_reason, effects=effects)
    if found is not None:
        raise Invalid(faults=[Fault(found.code, found.expected, f"/{found.field}")])
    row.reason, row.same_officer_reason = body.reason, body.same_officer_reason
    row.decided_by, row.decided_at = officer, work.now
    return _step(work, row, outcome, Mover.OFFICER, Event.OFFICER_REVIEW_DECIDE)


def withdraw(work: UnitOfWork, row: Review) -> Review:
    """Withdraw the bidder's request."""
    return _step(work, row, ReviewState.WITHDRAWN, Mover.BIDDER, Event.BIDDER_REVIEW_WITHDRAW)


def _step(work: UnitOfWork, row: Review, to: ReviewState, by: Mover, event: Event) -> Review:
    _require_step(row, to, by)
    before = _facts(row)
    row.state = to.value
    if to is ReviewState.TAKEN_UP:
        row.officer = work.principal.id
    work.session.flush()
    clock = running(work, row.id, Clock.REVIEW, row.tender_id)
    if to not in OPEN and clock is not None:
        meet(work, clock, tender_day(work, row.tender_id))
    work.record(event, subject=row.id, tender=row.tender_id, before=before, after=_facts(row))
    return row


def _require_step(row: Review, to: ReviewState, by: Mover) -> None:
    REVIEW.require(ReviewState(row.state), to, by)


def _facts(row: Review) -> dict[str, Any]:
    return {
        "screening": row.screening_id,
        "state": row.state,
        "officer": row.officer,
        "decidedBy": row.decided_by,
        "reason": row.reason,
        "sameOfficerReason": row.same_officer_reason,
    }


def shown(work: UnitOfWork, row: Review) -> ReviewOut:
    """Return its current state, with the screenings and qualifications that cite it."""
    clock = running(work, row.id, Clock.REVIEW, row.tender_id)
    due_on = clock.due_on if clock else row.asked_on
    return ReviewOut.of(row, effects_of(work, row.id), due_on, tender_day(work, row.tender_id))


def find(work: UnitOfWork, tender_id: str, review_id: str) -> Review:
    """Return a review of a tender; a bidder finds its own only."""
    row = work.get_within(Review, review_id, tender_id=tender_id)
    work.principal.require_organization(row.organization_id)
    return row


def listing(work: UnitOfWork, tender_id: str, overdue: bool | None) -> Select[Any]:
    """List the reviews of a tender; a bidder sees its own only. `overdue`: those whose last day has passed undecided."""
    procedure_of(work, tender_id)
    query = select(Review).where(Review.tender_id == tender_id)
    scope = work.principal.organization_scope
    if scope is not None:
        query = query.where(Review.organization_id == scope)
    late = Review.id.in_(overdue_subjects(Clock.REVIEW, tender_day(work, tender_id)))
    return query if overdue is None else query.where(late if overdue else ~late)
