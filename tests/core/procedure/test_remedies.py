"""Questions and complaints: in time or late, and which steps they suspend (政府采购法 第五十二条至第五十八条)."""

from datetime import date

import pytest

from app.core.procedure.deadlines import WorkingCalendar
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

CALENDAR = WorkingCalendar(frozenset({2025}), frozenset(), frozenset())
MONDAY = date(2025, 3, 3)


def test_a_question_comes_within_seven_working_days():
    assert question_late(MONDAY, date(2025, 3, 12), CALENDAR) is None
    late = question_late(MONDAY, date(2025, 3, 13), CALENDAR)
    assert (late.due.day, late.article) == (date(2025, 3, 12), "政府采购法 第五十二条")


@pytest.mark.parametrize(
    ("answered", "begins"),
    [(date(2025, 3, 10), date(2025, 3, 10)), (None, date(2025, 3, 12)), (date(2025, 3, 20), date(2025, 3, 12))],
)
def test_a_complaint_runs_from_the_answer_or_from_the_end_of_its_period(answered, begins):
    assert complaint_begins(date(2025, 3, 12), answered) == begins
    assert complaint_late(begins, begins, CALENDAR) is None
    assert complaint_late(MONDAY, date(2025, 3, 24), CALENDAR) is None
    assert complaint_late(MONDAY, date(2025, 3, 25), CALENDAR) is not None


def test_no_complaint_before_the_answer_is_due():
    assert complaint_too_early(answered=False, answer_due_on=MONDAY, today=MONDAY)
    assert not complaint_too_early(answered=False, answer_due_on=MONDAY, today=date(2025, 3, 4))
    assert not complaint_too_early(answered=True, answer_due_on=MONDAY, today=MONDAY)


@pytest.mark.parametrize(
    ("today", "lifted", "held"),
    [
        (date(2025, 3, 2), None, False),
        (MONDAY, None, True),
        (date(2025, 4, 2), None, True),
        (date(2025, 4, 3), None, False),
        (date(2025, 3, 10), date(2025, 3, 10), False),
        (date(2025, 3, 9), date(2025, 3, 10), True),
    ],
)
def test_only_an_order_suspends_and_for_thirty_days_at_most(today, lifted, held):
    assert suspended(MONDAY, lifted, today, CALENDAR) is held


def test_an_open_question_that_may_change_the_result_holds_the_signing():
    assert holds_signing(QuestionState.OPEN, may_change_result=True)
    assert not holds_signing(QuestionState.OPEN, may_change_result=False)
    assert not holds_signing(QuestionState.REJECTED, may_change_result=True)


def test_who_decides():
    assert QUESTION.refusal(QuestionState.OPEN, QuestionState.UPHELD, Mover.OFFICER) is None
    assert QUESTION.refusal(QuestionState.OPEN, QuestionState.UPHELD, Mover.BIDDER).code == "not_by_this_actor"
    assert COMPLAINT.refusal(ComplaintState.OPEN, ComplaintState.UPHELD, Mover.OFFICER).code == "not_by_this_actor"
    assert COMPLAINT.refusal(ComplaintState.UPHELD, ComplaintState.OPEN, Mover.FINANCE).code == "final_state"
