"""Questions and complaints: filing and answering within their periods, and the steps that they suspend."""

from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from app.bidders.organizations.registry import visible as organization_of
from app.core.procedure.deadlines import Clock, due
from app.core.procedure.remedies import (
    COMPLAINT,
    QUESTION,
    ComplaintState,
    QuestionState,
    complaint_begins,
    complaint_late,
    complaint_too_early,
    holds_signing,
    question_late,
    suspended,
)
from app.core.procedure.state_machine import Mover
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Forbidden, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.deadlines.service import calendar_of, meet, running, start
from app.tendering.remedies.schemas import ComplaintChange, ComplaintIn, QuestionAnswerIn, QuestionIn
from app.tendering.remedies.tables import Complaint, Question
from app.tendering.tenders.practice import tender_day
from app.tendering.tenders.procedure import procedure_of


class RemedyLate(Conflict):
    """A question or complaint filed after its period is not admitted."""

    code, title = "remedy_late", "The filing period has expired"
    article = "政府采购法 第五十二条、第五十五条"


class AnswerFirst(Conflict):
    """A complaint requires an unsatisfactory answer, or an answer period that expired."""

    code, title = "answer_first", "The answer period has not expired yet"
    article = "政府采购法 第五十五条"


class RemedyStep(Conflict):
    """The question or complaint is no longer open, or another authority must decide."""

    code, title = "remedy_step", "The state of the question or complaint does not allow this step"
    subjects = ("question", "complaint")
    article = "政府采购法 第五十三条、第五十六条"


class SigningHeld(Conflict):
    """An open question that may change the result, or an order of the finance department, suspends the signing."""

    code, title = "signing_held", "Signing is suspended by an open question or an order"
    article = "政府采购法实施条例 第五十四条"


def ask(work: UnitOfWork, tender_id: str, body: QuestionIn) -> Question:
    """Receive a supplier's question; the seven working days for the answer begin (第五十二条、第五十三条)."""
    procedure = procedure_of(work, tender_id)
    own = work.principal.organization_scope
    if own is None:
        raise Forbidden
    if body.lot is not None and body.lot not in {lot.id for lot in procedure.lots}:
        raise Invalid(faults=[Fault("unknown_lot", "A lot of this tender is expected", "/lotId")])
    today = tender_day(work, tender_id)
    if body.known_on > today:
        raise Invalid(faults=[Fault("future", "A day that has come is expected", "/knownOn")])
    late = question_late(body.known_on, today, calendar_of(work))
    if late is not None:
        raise RemedyLate(f"The last day was {late.due.day}")
    row = Question(
        tender_id=tender_id,
        lot_id=body.lot,
        organization_id=organization_of(work, own).id,
        text=body.text,
        known_on=body.known_on,
        received_on=today,
    )
    work.session.add(row)
    work.session.flush()
    start(work, tender_id, Clock.ANSWER, row.id, today, organization=own)
    work.record(Event.BIDDER_QUESTION_ASK, subject=row.id, tender=tender_id, after={"lot": row.lot_id})
    return row


def answer(work: UnitOfWork, row: Question, body: QuestionAnswerIn) -> Question:
    """Answer in writing; the fifteen working days for a complaint begin (第五十五条)."""
    _step(row, QuestionState.UPHELD if body.upheld else QuestionState.REJECTED, Mover.OFFICER)
    row.answer, row.answered_on = body.answer, tender_day(work, row.tender_id)
    work.session.flush()
    clock = running(work, row.id, Clock.ANSWER, row.tender_id)
    if clock is not None:
        meet(work, clock, row.answered_on)
    begins = complaint_begins(answer_due_on(work, row), row.answered_on)
    start(work, row.tender_id, Clock.COMPLAINT, row.id, begins, organization=row.organization_id)
    work.record(Event.OFFICER_QUESTION_ANSWER, subject=row.id, tender=row.tender_id, after={"state": row.state})
    return row


def answer_due_on(work: UnitOfWork, row: Question) -> date:
    """Last day for the answer, read from the running period, so that it follows the calendar."""
    clock = running(work, row.id, Clock.ANSWER, row.tender_id)
    return clock.due_on if clock else due(Clock.ANSWER, row.received_on, calendar_of(work)).day


def assess(work: UnitOfWork, row: Question, may_change_result: bool) -> Question:
    """Record whether the question may change the result; an unassessed question is treated as if it may."""
    if row.state != QuestionState.OPEN:
        raise RemedyStep
    before = {"mayChangeResult": row.may_change_result}
    row.may_change_result = may_change_result
    work.session.flush()
    after = {"mayChangeResult": may_change_result}
    work.record(Event.OFFICER_QUESTION_ASSESS, subject=row.id, tender=row.tender_id, before=before, after=after)
    return row


def withdraw(work: UnitOfWork, row: Question) -> Question:
    """Withdraw the supplier's question."""
    _step(row, QuestionState.WITHDRAWN, Mover.BIDDER)
    work.session.flush()
    work.record(Event.BIDDER_QUESTION_WITHDRAW, subject=row.id, tender=row.tender_id, after={"state": row.state})
    return row


def _step(row: Question, to: QuestionState, by: Mover) -> None:
    QUESTION.require(QuestionState(row.state), to, by)
    row.state = to.value


def complain(work: UnitOfWork, question: Question, body: ComplaintIn) -> Complaint:
    """Record a complaint that the finance department has received."""
    due_on = answer_due_on(work, question)
    if complaint_too_early(question.answered_on is not None, due_on, body.received_on):
        raise AnswerFirst
    begins = complaint_begins(due_on, question.answered_on)
    late = complaint_late(begins, body.received_on, calendar_of(work))
    if late is not None:
        raise RemedyLate(f"The last day was {late.due.day}")
    row = Complaint(question_id=question.id, tender_id=question.tender_id, received_on=body.received_on)
    work.session.add(row)
    work.session.flush()
    work.record(Event.OFFICER_COMPLAINT_RECORD, subject=row.id, tender=row.tender_id, after={"question": question.id})
    return row


def change_complaint(work: UnitOfWork, row: Complaint, body: ComplaintChange) -> Complaint:
    """Record an order or decision of the finance department; only a numbered order suspends (第五十七条)."""
    before = _facts(row)
    if (body.suspension_order is None) != (body.suspended_on is None):
        expected = "The order's number and its day are expected together"
        raise Invalid(faults=[Fault("order", expected, "/suspensionOrder")])
    row.suspension_order = body.suspension_order or row.suspension_order
    row.suspended_on = body.suspended_on or row.suspended_on
    row.lifted_on = body.lifted_on or row.lifted_on
    if body.state is not None:
        COMPLAINT.require(ComplaintState(row.state), ComplaintState(body.state), Mover.FINANCE)
        row.state, row.decision = body.state, body.decision
    work.session.flush()
    work.record(Event.OFFICER_COMPLAINT_CHANGE, subject=row.id, tender=row.tender_id, before=before, after=_facts(row))
    return row


def _facts(row: Complaint) -> dict[str, Any]:
    return {
        "state": row.state,
        "order": row.suspension_order,
        "suspendedOn": row.suspended_on,
        "liftedOn": row.lifted_on,
    }


def require_free_to_sign(work: UnitOfWork, tender_id: str, lot_id: str) -> None:
    """Raise SigningHeld while a question about the lot or tender may change the result, or an order suspends."""
    about = or_(Question.lot_id.is_(None), Question.lot_id == lot_id)
    questions = work.session.scalars(select(Question).where(Question.tender_id == tender_id, about)).all()
    if any(holds_signing(QuestionState(one.state), may_change_result=one.may_change_result) for one in questions):
        raise SigningHeld
    calendar, today = calendar_of(work), tender_day(work, tender_id)
    orders = select(Complaint).where(
        Complaint.question_id.in_([one.id for one in questions]),
        Complaint.state == ComplaintState.OPEN,
        Complaint.suspended_on.is_not(None),
    )
    for one in work.session.scalars(orders):
        if one.suspended_on is not None and suspended(one.suspended_on, one.lifted_on, today, calendar):
            raise SigningHeld(f"Suspended by order {one.suspension_order}")


def find(work: UnitOfWork, tender_id: str, question_id: str) -> Question:
    """Return a question of a tender; a bidder finds its own only."""
    row = work.get_within(Question, question_id, tender_id=tender_id)
    work.principal.require_organization(row.organization_id)
    return row


def find_complaint(work: UnitOfWork, tender_id: str, complaint_id: str) -> Complaint:
    """Return a complaint about a tender."""
    return work.get_within(Complaint, complaint_id, tender_id=tender_id)


def listing(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Return the questions of a tender; a bidder sees its own only."""
    procedure_of(work, tender_id)
    query = select(Question).where(Question.tender_id == tender_id)
    scope = work.principal.organization_scope
    return query if scope is None else query.where(Question.organization_id == scope)


def complaints(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Return the complaints about a tender."""
    procedure_of(work, tender_id)
    return select(Complaint).where(Complaint.tender_id == tender_id)
