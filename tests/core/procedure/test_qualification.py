"""The officer's decision on a proposal: when it needs a reason, and its effect on the bid."""

import pytest

from app.core.facts.outcome import Verdict
from app.core.procedure.qualification import (
    QUALIFICATION,
    BidState,
    Ground,
    Judged,
    Qualification,
    bid_after,
    needs_reason,
    overrules,
)

Q, V = Qualification, Verdict


@pytest.mark.parametrize(
    ("proposal", "decision", "overruled", "reason"),
    [
        (V.ELIGIBLE, Q.ACTIVE, False, False),
        (V.ELIGIBLE, Q.UNSUCCESSFUL, True, True),
        (V.INELIGIBLE, Q.UNSUCCESSFUL, False, False),
        (V.INELIGIBLE, Q.ACTIVE, True, True),
        (V.NEEDS_REVIEW, Q.ACTIVE, False, True),  # an undetermined proposal is never accepted without a reason
        (V.NEEDS_REVIEW, Q.UNSUCCESSFUL, False, True),
        *((verdict, Q.PENDING, False, False) for verdict in V),
        *((verdict, Q.CANCELLED, False, True) for verdict in V),
    ],
)
def test_who_overrules_and_who_gives_a_reason(proposal, decision, overruled, reason):
    assert overrules(proposal, decision) is overruled
    assert needs_reason(proposal, decision) is reason


def test_a_decision_is_cancelled_never_changed():
    steps = {(now, to) for now in Q for to in Q if QUALIFICATION.allows(now, to)}
    assert steps == {
        (Q.PENDING, Q.ACTIVE),
        (Q.PENDING, Q.UNSUCCESSFUL),
        (Q.PENDING, Q.CANCELLED),
        (Q.ACTIVE, Q.CANCELLED),
        (Q.UNSUCCESSFUL, Q.CANCELLED),
    }


OPENED, VALID = Judged(BidState.OPENED), Judged(BidState.VALID)
UNQUALIFIED = Judged(BidState.INVALID, Ground.QUALIFICATION)


@pytest.mark.parametrize("before", [OPENED, VALID, UNQUALIFIED])
@pytest.mark.parametrize(
    ("decision", "after"),
    [(Q.ACTIVE, VALID), (Q.UNSUCCESSFUL, UNQUALIFIED), (Q.CANCELLED, OPENED), (Q.PENDING, OPENED)],
)
def test_the_bid_follows_the_decision(before, decision, after):
    assert bid_after(before, decision) == after


@pytest.mark.parametrize("ground", [ground for ground in Ground if ground is not Ground.QUALIFICATION])
@pytest.mark.parametrize("decision", list(Q))
def test_a_bid_invalid_on_another_ground_stays_so(ground, decision):
    """财政部令第87号 第六十三条."""
    bid = Judged(BidState.INVALID, ground)
    assert bid_after(bid, decision) == bid
