"""Manual review: who may decide, what a change requires, when it is overdue."""

from datetime import date

import pytest

from app.core.procedure.review import OPEN, ReviewState, lacking, overdue

A, B = "key_a", "key_b"


@pytest.mark.parametrize(
    ("outcome", "officer", "earlier", "excuse", "effects", "expected", "why"),
    [
        (ReviewState.UPHELD, B, {A}, None, (), None, "another officer upholds"),
        (ReviewState.UPHELD, A, {A}, None, (), "same_officer", "nobody looks again at the own decision in silence"),
        (ReviewState.UPHELD, A, {A}, "仅一名经办人", (), None, "where nobody else can, the reason is on record"),
        (ReviewState.CHANGED, B, {A}, None, (), "nothing_changed", "a change is more than a word"),
        (ReviewState.CHANGED, B, {A}, None, ("scr_1",), None, "a new screening cites the review"),
        (ReviewState.CHANGED, A, {A, B}, None, ("qua_1",), "same_officer", "who looks comes before what was found"),
        (ReviewState.UPHELD, A, set(), None, (), None, "a programme decided first, no officer"),
    ],
)
def test_what_a_decision_needs(outcome, officer, earlier, excuse, effects, expected, why):
    found = lacking(outcome, officer, earlier, excuse=excuse, effects=effects)
    assert (found.code if found else None) == expected, why


@pytest.mark.parametrize("state", list(ReviewState))
def test_the_last_day_belongs_to_the_period(state):
    due = date(2026, 5, 12)
    assert overdue(state, due, date(2026, 5, 12)) is False
    assert overdue(state, due, date(2026, 5, 13)) is (state in OPEN)
