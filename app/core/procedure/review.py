"""Manual review 人工复核 of an automated proposal about a bidder (个人信息保护法 第二十四条)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.procedure.state_machine import Machine, Mover, moves


class ReviewState(StrEnum):
    """States of a review: requested by the bidder, assigned to an officer, decided."""

    ASKED = "asked"
    TAKEN_UP = "taken_up"
    UPHELD = "upheld"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


_ART = "个人信息保护法 第二十四条第三款"
_S = ReviewState
REVIEW: Machine[ReviewState] = Machine(
    "review",
    moves(
        (
            (_S.ASKED, _S.TAKEN_UP, (Mover.OFFICER,), _ART),
            (_S.TAKEN_UP, _S.UPHELD, (Mover.OFFICER,), _ART),
            (_S.TAKEN_UP, _S.CHANGED, (Mover.OFFICER,), _ART),
            (_S.ASKED, _S.WITHDRAWN, (Mover.BIDDER,), _ART),
            (_S.TAKEN_UP, _S.WITHDRAWN, (Mover.BIDDER,), _ART),
        )
    ),
    dict.fromkeys(ReviewState, _ART),
)
OPEN = frozenset({ReviewState.ASKED, ReviewState.TAKEN_UP})
DECIDED = frozenset({ReviewState.UPHELD, ReviewState.CHANGED})


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a review decision still lacks: field, code, what is expected."""

    field: str
    code: str
    expected: str


def lacking(
    outcome: ReviewState, officer: str, earlier: Collection[str], *, excuse: str | None, effects: Collection[str]
) -> Lacking | None:
    """Return what is missing for this decision, or None.

    An officer who made the first decision (`earlier`) reviews it only where nobody else can, with a reason (`excuse`).
    The outcome `changed` needs a new screening or qualification that cites the review (`effects`).
    """
    if officer in earlier and excuse is None:
        expected = "Another officer than the one who decided first is expected, or the reason why there is none"
        return Lacking("sameOfficerReason", "same_officer", expected)
    if outcome is ReviewState.CHANGED and not effects:
        expected = "A new screening or qualification that cites this review is expected before it counts as changed"
        return Lacking("outcome", "nothing_changed", expected)
    return None


def overdue(state: ReviewState, due_on: date, today: date) -> bool:
    """Whether the last day has passed without a decision."""
    return state in OPEN and today > due_on
