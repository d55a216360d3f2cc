"""The officer's qualification decision 资格审查结论: when it needs a reason, and its effect on the bid."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.facts.outcome import Verdict
from app.core.procedure.state_machine import Machine, Mover, moves


class Qualification(StrEnum):
    """States of a qualification; `pending` while a clarification (澄清) is awaited."""

    PENDING = "pending"
    ACTIVE = "active"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"


class BidState(StrEnum):
    """States of a bid 投标; before the opening it is a sealed envelope."""

    SEALED = "sealed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    VALID = "valid"
    INVALID = "invalid"
    RETURNED = "returned"


class Ground(StrEnum):
    """Why a bid is invalid (财政部令第87号 第六十三条)."""

    QUALIFICATION = "qualification"
    BOND = "bond"
    SIGNATURE = "signature"
    OVER_CEILING = "over_ceiling"
    CONDITIONS = "conditions"
    OTHER = "other"


DECIDED = frozenset({Qualification.ACTIVE, Qualification.UNSUCCESSFUL})
_PROPOSED = {Verdict.ELIGIBLE: Qualification.ACTIVE, Verdict.INELIGIBLE: Qualification.UNSUCCESSFUL}
_Q, _B = Qualification, BidState
_OFFICER, _BIDDER, _CLOCK = (Mover.OFFICER,), (Mover.BIDDER,), (Mover.CLOCK,)
_BY_OPENING = (Mover.CUSTODIANS, Mover.OFFICER)
_EXAMINED = "财政部令第87号 第四十四条"
_SUBMITTED, _CHANGED, _OPENED = "财政部令第87号 第三十三条", "财政部令第87号 第三十四条", "财政部令第87号 第四十一条"
_VOID = "财政部令第87号 第六十三条"

QUALIFICATION: Machine[Qualification] = Machine(
    "qualification",
    moves(
        (
            (_Q.PENDING, _Q.ACTIVE, _OFFICER, _EXAMINED),
            (_Q.PENDING, _Q.UNSUCCESSFUL, _OFFICER, _EXAMINED),
            *((now, _Q.CANCELLED, _OFFICER, _EXAMINED) for now in (_Q.PENDING, _Q.ACTIVE, _Q.UNSUCCESSFUL)),
        )
    ),
    dict.fromkeys(Qualification, _EXAMINED),
)

BID: Machine[BidState] = Machine(
    "bid",
    moves(
        (
            (_B.SEALED, _B.SUPERSEDED, _BIDDER, _CHANGED),
            (_B.SEALED, _B.WITHDRAWN, _BIDDER, _CHANGED),
            (_B.SEALED, _B.OPENED, _BY_OPENING, _OPENED),
            (_B.SEALED, _B.INVALID, _BY_OPENING, _VOID),
            (_B.SEALED, _B.RETURNED, _CLOCK, _OPENED),
            (_B.OPENED, _B.VALID, _OFFICER, _EXAMINED),
            (_B.OPENED, _B.INVALID, _OFFICER, _VOID),
            (_B.VALID, _B.INVALID, _OFFICER, _VOID),
            (_B.VALID, _B.OPENED, _OFFICER, _EXAMINED),
            (_B.INVALID, _B.VALID, _OFFICER, _EXAMINED),
            (_B.INVALID, _B.OPENED, _OFFICER, _EXAMINED),
        )
    ),
    {
        _B.SEALED: _SUBMITTED,
        _B.SUPERSEDED: _CHANGED,
        _B.WITHDRAWN: _CHANGED,
        _B.OPENED: _EXAMINED,
        _B.VALID: _EXAMINED,
        _B.INVALID: _VOID,
        _B.RETURNED: _OPENED,
    },
)


@dataclass(frozen=True, slots=True)
class Judged:
    """State of a bid and, where invalid, the ground."""

    state: BidState
    ground: Ground | None = None


def overrules(proposal: Verdict, decision: Qualification) -> bool:
    """Whether the decision differs from the proposal of the screening."""
    return decision in DECIDED and _PROPOSED.get(proposal, decision) is not decision


def needs_reason(proposal: Verdict, decision: Qualification) -> bool:
    """Whether a reason is required: for deciding an undetermined proposal, for overruling, and for cancelling."""
    undecided = proposal is Verdict.NEEDS_REVIEW and decision in DECIDED
    return undecided or decision is Qualification.CANCELLED or overrules(proposal, decision)


def bid_after(bid: Judged, decision: Qualification) -> Judged:
    """Return the bid's state after a qualification decision; a bid invalid on another ground stays invalid."""
    if bid.ground not in (None, Ground.QUALIFICATION):
        return bid
    if decision is Qualification.UNSUCCESSFUL:
        return Judged(BidState.INVALID, Ground.QUALIFICATION)
    return Judged(BidState.VALID if decision is Qualification.ACTIVE else BidState.OPENED)
