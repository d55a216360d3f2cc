"""A screening proposes, a named person decides (资格审查结论): when a decision needs its reason, and what it does to the bid."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.outcome import Verdict


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
_MOVES = {
    Qualification.PENDING: frozenset({*DECIDED, Qualification.CANCELLED}),
    Qualification.ACTIVE: frozenset({Qualification.CANCELLED}),
    Qualification.UNSUCCESSFUL: frozenset({Qualification.CANCELLED}),
    Qualification.CANCELLED: frozenset[Qualification](),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """State of a bid and, where it is invalid, the ground."""

    state: BidState
    ground: Ground | None = None


def may_become(now: Qualification, to: Qualification) -> bool:
    """Whether a qualification may come to a state: a decision is never changed, only cancelled and taken anew."""
    return to in _MOVES[now]


def overrules(proposal: Verdict, decision: Qualification) -> bool:
    """The person decides against what the screening proposes."""
    return decision in DECIDED and _PROPOSED.get(proposal, decision) is not decision


def needs_reason(proposal: Verdict, decision: Qualification) -> bool:
    """A proposal that cannot tell is never accepted in silence; overruling and cancelling say why as well."""
    undecided = proposal is Verdict.NEEDS_REVIEW and decision in DECIDED
    return undecided or decision is Qualification.CANCELLED or overrules(proposal, decision)


def bid_after(bid: Judged, decision: Qualification) -> Judged:
    """What a qualification makes of the bid; a bid invalid on another ground stays so."""
    if bid.ground not in (None, Ground.QUALIFICATION):
        return bid
    if decision is Qualification.UNSUCCESSFUL:
        return Judged(BidState.INVALID, Ground.QUALIFICATION)
    return Judged(BidState.VALID if decision is Qualification.ACTIVE else BidState.OPENED)
