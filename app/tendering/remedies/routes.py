"""Questions and complaints over HTTP."""

from functools import partial

from fastapi import Response

from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.remedies import service
from app.tendering.remedies.schemas import (
    AssessmentIn,
    ComplaintChange,
    ComplaintIn,
    ComplaintOut,
    QuestionAnswerIn,
    QuestionIn,
    QuestionOut,
)
from app.tendering.remedies.tables import Complaint, Question

router = Router(prefix="/tenders/{tender_id}", tags=["questions and complaints"])


@router.post("/questions", status_code=201)
def ask_question(tender_id: Id, body: QuestionIn, work: Work, response: Response) -> QuestionOut:
    """File a question (质疑) within seven working days after the supplier learned of the harm."""
    return _question(work, service.ask(work, tender_id, body), response)


@router.get("/questions")
def list_questions(tender_id: Id, work: Work, paging: Paging) -> Page[QuestionOut]:
    """List the questions of a tender; bidders see their own."""
    return paging.page(work.session, service.listing(work, tender_id), key=Question.id, view=partial(_shown, work))


@router.get("/questions/{question_id}")
def read_question(tender_id: Id, question_id: Id, work: Work, response: Response) -> QuestionOut:
    """Return one question."""
    return _question(work, service.find(work, tender_id, question_id), response)


@router.post("/questions/{question_id}/answer")
def answer_question(
    tender_id: Id, question_id: Id, body: QuestionAnswerIn, work: Work, if_match: IfMatch, response: Response
) -> QuestionOut:
    """Answer in writing, within seven working days."""
    row = service.find(work, tender_id, question_id)
    require_match(if_match, row.version)
    return _question(work, service.answer(work, row, body), response)


@router.post("/questions/{question_id}/assessment")
def assess_question(
    tender_id: Id, question_id: Id, body: AssessmentIn, work: Work, if_match: IfMatch, response: Response
) -> QuestionOut:
    """Assess whether the question may change the result; an unassessed question suspends the signing."""
    row = service.find(work, tender_id, question_id)
    require_match(if_match, row.version)
    return _question(work, service.assess(work, row, body.may_change_result), response)


@router.post("/questions/{question_id}/withdraw")
def withdraw_question(tender_id: Id, question_id: Id, work: Work, response: Response) -> QuestionOut:
    """Withdraw one's own question."""
    return _question(work, service.withdraw(work, service.find(work, tender_id, question_id)), response)


@router.post("/questions/{question_id}/complaints", status_code=201)
def record_complaint(tender_id: Id, question_id: Id, body: ComplaintIn, work: Work, response: Response) -> ComplaintOut:
    """Record a complaint (投诉) that the finance department has received."""
    return _complaint(service.complain(work, service.find(work, tender_id, question_id), body), response)


@router.get("/complaints")
def list_complaints(tender_id: Id, work: Work, paging: Paging) -> Page[ComplaintOut]:
    """List the complaints about a tender."""
    return paging.page(work.session, service.complaints(work, tender_id), key=Complaint.id, view=ComplaintOut.of)


@router.patch("/complaints/{complaint_id}")
def change_complaint(
    tender_id: Id, complaint_id: Id, body: ComplaintChange, work: Work, if_match: IfMatch, response: Response
) -> ComplaintOut:
    """Record an order or decision of the finance department."""
    row = service.find_complaint(work, tender_id, complaint_id)
    require_match(if_match, row.version)
    return _complaint(service.change_complaint(work, row, body), response)


def _question(work: Work, row: Question, response: Response) -> QuestionOut:
    response.headers["ETag"] = etag(row.version)
    return _shown(work, row)


def _shown(work: Work, row: Question) -> QuestionOut:
    return QuestionOut.of(row, service.answer_due_on(work, row))


def _complaint(row: Complaint, response: Response) -> ComplaintOut:
    response.headers["ETag"] = etag(row.version)
    return ComplaintOut.of(row)
