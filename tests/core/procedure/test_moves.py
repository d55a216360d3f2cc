"""The tables of the procedure: every state is reachable, every end is final, every refusal names its rule."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.awards.assignment import AwardState
from app.core.awards.state import AWARD
from app.core.procedure.contract import CONTRACT, ContractState
from app.core.procedure.qualification import BID, QUALIFICATION, BidState, Qualification
from app.core.procedure.remedies import COMPLAINT, QUESTION, ComplaintState, QuestionState
from app.core.procedure.review import REVIEW, ReviewState
from app.core.procedure.state_machine import Mover, StepRefused
from app.core.procedure.tender_state import LOT, TENDER, LotState, TenderState, lot_may_move

MACHINES = [
    (TENDER, TenderState, TenderState.DRAFT),
    (LOT, LotState, LotState.PLANNED),
    (BID, BidState, BidState.SEALED),
    (QUALIFICATION, Qualification, Qualification.PENDING),
    (AWARD, AwardState, AwardState.PENDING),
    (CONTRACT, ContractState, ContractState.PENDING),
    (QUESTION, QuestionState, QuestionState.OPEN),
    (COMPLAINT, ComplaintState, ComplaintState.OPEN),
    (REVIEW, ReviewState, ReviewState.ASKED),
]


@pytest.mark.parametrize(("machine", "states", "first"), MACHINES)
def test_every_state_is_reached_and_has_the_rule_that_holds_it(machine, states, first):
    reached, waiting = {first}, [first]
    while waiting:
        for state in machine.successors(waiting.pop()) - reached:
            reached.add(state)
            waiting.append(state)
    assert reached == set(states)
    assert set(machine.holds) == set(states)
    assert all(machine.holds.values()) and all(move.article and move.by for move in machine.moves)
    assert len({(move.now, move.to) for move in machine.moves}) == len(machine.moves), "one row for one step"


@given(st.sampled_from(MACHINES), st.data())
def test_a_step_is_allowed_or_refused_with_its_article(chosen, data):
    machine, states, _ = chosen
    now, to = (data.draw(st.sampled_from(list(states))) for _ in range(2))
    by = data.draw(st.sampled_from(list(Mover)))
    refused = machine.refusal(now, to, by)
    assert (refused is None) == machine.allows(now, to, by)
    if refused is not None:
        assert "第" in refused.article or "方案" in refused.article
        assert refused.article in refused.detail and refused.zh in refused.detail and refused.en in refused.detail
        assert (refused.code == "final_state") == (not machine.successors(now))
        assert (refused.code == "not_by_this_actor") == machine.allows(now, to)


@given(st.sampled_from(MACHINES), st.data())
def test_a_walk_of_any_length_ends_only_in_final_states(chosen, data):
    machine, _, state = chosen
    for _ in range(30):
        following = sorted(machine.successors(state))
        if not following:
            break
        state = type(state)(data.draw(st.sampled_from(following)))
    assert isinstance(state, StrEnum)
    assert machine.successors(state) or machine.refusal(state, state, Mover.OFFICER).code == "final_state"


@pytest.mark.parametrize(
    ("machine", "now", "to", "by", "code", "article"),
    [
        (BID, BidState.OPENED, BidState.WITHDRAWN, Mover.BIDDER, "no_such_step", "财政部令第87号 第四十四条"),
        (BID, BidState.SEALED, BidState.OPENED, Mover.BIDDER, "not_by_this_actor", "财政部令第87号 第四十一条"),
        (BID, BidState.RETURNED, BidState.OPENED, Mover.CUSTODIANS, "final_state", "财政部令第87号 第四十一条"),
        (TENDER, TenderState.TENDERING, TenderState.DRAFT, Mover.OFFICER, "no_such_step", "财政部令第87号 第四十条"),
        (
            CONTRACT,
            ContractState.HELD,
            ContractState.ACTIVE,
            Mover.OFFICER,
            "no_such_step",
            "政府采购法实施条例 第五十四条",
        ),
        (AWARD, AwardState.ACTIVE, AwardState.PENDING, Mover.PURCHASER, "no_such_step", "财政部令第87号 第七十条"),
    ],
)
def test_a_refused_step_names_its_rule(machine, now, to, by, code, article):
    with pytest.raises(StepRefused) as refused:
        machine.require(now, to, by)
    assert (refused.value.kind, refused.value.code, refused.value.article) == (machine.kind, code, article)
    assert str(refused.value) == refused.value.detail == machine.refusal(now, to, by).detail


def test_an_allowed_step_is_not_refused():
    BID.require(BidState.SEALED, BidState.WITHDRAWN, Mover.BIDDER)


def test_the_short_question_reads_the_same_table():
    assert lot_may_move(LotState.ACTIVE, LotState.UNSUCCESSFUL) and not lot_may_move(LotState.COMPLETE, LotState.ACTIVE)
