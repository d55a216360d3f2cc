"""Queries 质疑 and complaints 投诉 of suppliers: time limits and effects (政府采购法 第五十二条至第五十八条)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.procedure.deadlines import Clock, Due, WorkingCalendar, due
from app.core.procedure.state_machine import Machine, Mover, moves


class QuestionState(StrEnum):
    """States of a query 质疑."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ComplaintState(StrEnum):
    """States of a complaint 投诉; the finance department decides."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_ANSWER, _DECIDE = "政府采购法 第五十三条", "政府采购法 第五十六条"
_Q, _P = QuestionState, ComplaintState

QUESTION: Machine[QuestionState] = Machine(
    "question",
    moves(
        (
            (_Q.OPEN, _Q.UPHELD, (Mover.OFFICER, Mover.PURCHASER), _ANSWER),
            (_Q.OPEN, _Q.REJECTED, (Mover.OFFICER, Mover.PURCHASER), _ANSWER),
            (_Q.OPEN, _Q.WITHDRAWN, (Mover.BIDDER,), _ANSWER),
        )
    ),
    dict.fromkeys(QuestionState, _ANSWER),
)
COMPLAINT: Machine[ComplaintState] = Machine(
    "complaint",
    moves((_P.OPEN, to, (Mover.FINANCE,), _DECIDE) for to in (_P.UPHELD, _P.REJECTED, _P.WITHDRAWN)),
    dict.fromkeys(ComplaintState, _DECIDE),
)


@dataclass(frozen=True, slots=True)
class Late:
    """A step taken after its last day."""

    due: Due
    article: str


def question_late(known_on: date, received_on: date, calendar: WorkingCalendar) -> Late | None:
    """Whether a query comes later than seven working days after the supplier knew, or should have known, of the harm (第五十二条)."""
    return _late(Clock.QUESTION, known_on, received_on, calendar, "政府采购法 第五十二条")


def complaint_begins(answer_due_on: date, answered_on: date | None) -> date:
    """Return the start of the fifteen working days: the answer, or where none came in time, the end of its period
    (第五十五条).
    """
    return answer_due_on if answered_on is None or answered_on > answer_due_on else answered_on


def complaint_late(begins: date, received_on: date, calendar: WorkingCalendar) -> Late | None:
    """Whether a complaint comes after its fifteen working days (第五十五条)."""
    return _late(Clock.COMPLAINT, begins, received_on, calendar, "政府采购法 第五十五条")


def _late(clock: Clock, start: date, received: date, calendar: WorkingCalendar, article: str) -> Late | None:
    last = due(clock, start, calendar)
    return Late(last, article) if received > last.day else None


def complaint_too_early(answered: bool, answer_due_on: date, today: date) -> bool:
    """Whether a complaint is premature: neither was the query answered nor has the period for the answer expired (第五十五条)."""
    return not answered and today <= answer_due_on


def suspended(ordered_on: date, lifted_on: date | None, today: date, calendar: WorkingCalendar) -> bool:
    """Whether the finance department's order still suspends the procedure: 30 days at most (第五十七条)."""
    if lifted_on is not None and today >= lifted_on:
        return False
    return ordered_on <= today <= due(Clock.SUSPENSION, ordered_on, calendar).day


def holds_signing(state: QuestionState, *, may_change_result: bool) -> bool:
    """Whether a query suspends the signing: it is open and may change the result (实施条例 第五十四条)."""
    return state is QuestionState.OPEN and may_change_result
