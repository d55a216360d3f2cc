"""The optimum equals brute force for every solver; limits hold; no rule beats it."""

import random
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.awarding.awards import solver
from app.awarding.awards.proposal import in_turn, propose
from app.awarding.awards.solver import assign
from app.core.awards.assignment import AwardProblem, Objective, Rule, Scenario, scenario
from app.core.awards.exchange import Costs
from tests.making.awards_input import by_trying, lot, problem


def nothing(costs: Costs, capacities: Sequence[int]) -> list[int | None]:
    """Propose no award at all."""
    return [None for _ in costs]


def at_random(costs: Costs, capacities: Sequence[int]) -> list[int | None]:
    """Propose at random, ignoring costs."""
    room, chance = list(capacities), random.Random(7)
    chosen: list[int | None] = []
    for row in costs:
        bidder = chance.choice([None, *row])
        if bidder is not None and room[bidder]:
            room[bidder] -= 1
            chosen.append(bidder)
        else:
            chosen.append(None)
    return chosen


TOTALS = st.sampled_from(["10", "10.5", "11", "11.5", "12", "90"])
LIMITS = st.sampled_from([None, 0, 1, 1, 2])


@st.composite
def problems(draw: st.DrawFn, least: int = 0) -> AwardProblem:
    bidders = [f"S{number}" for number in range(1, draw(st.integers(1, 4)) + 1)]
    lots = [
        lot(f"L{number}", **{name: draw(TOTALS) for name in draw(st.lists(st.sampled_from(bidders), unique=True, min_size=least))})
        for number in range(draw(st.integers(least, 5)))
    ]  # fmt: skip
    own = {name: draw(LIMITS) for name in draw(st.lists(st.sampled_from(bidders), unique=True, max_size=2))}
    return problem(*lots, maximum=draw(LIMITS), objective=draw(st.sampled_from(Objective)), **own)


def chosen(found: Scenario) -> dict[str, str]:
    return {name: candidate.bidder for name, candidate in found.winners.items()}


@settings(max_examples=300)
@given(problems(), st.sampled_from([in_turn, nothing, at_random, propose]))
def test_it_is_what_trying_everything_finds(given_: AwardProblem, solver: Any) -> None:
    assert chosen(scenario(given_, Rule.OPTIMAL, solver)) == by_trying(given_)


@settings(max_examples=100)
@given(problems(least=1))
def test_the_library_proposes_what_trying_everything_finds(given_: AwardProblem) -> None:
    assert chosen(scenario(given_, Rule.OPTIMAL, assign)) == by_trying(given_)


@given(problems())
def test_limits_are_kept_and_sequential_is_never_better(given_: AwardProblem) -> None:
    best, sequential = (scenario(given_, rule, propose) for rule in (Rule.OPTIMAL, Rule.SEQUENTIAL))
    for found in (best, sequential):
        for bidder, won in Counter(chosen(found).values()).items():
            limit = given_.limits.of(bidder)
            assert limit is None or won <= limit
        assert found.exceeded == ()
        assert len(found.winners) + len(found.unassigned) == len(given_.lots)
    assert worth(best, given_) >= worth(sequential, given_)


def worth(found: Scenario, given_: AwardProblem) -> tuple[int, Fraction]:
    price = found.total_price or Fraction(0)
    return len(found.winners), found.total_score if given_.objective is Objective.TOTAL_SCORE else -price


@given(problems(), st.randoms())
def test_the_order_of_lots_and_rankings_changes_nothing(given_: AwardProblem, chance: Any) -> None:
    lots = [type(one)(one.id, tuple(chance.sample(one.ranking, len(one.ranking)))) for one in given_.lots]
    chance.shuffle(lots)
    other = AwardProblem(tuple(lots), given_.limits, given_.objective, given_.order)
    for rule in Rule:
        assert chosen(scenario(given_, rule, propose)) == chosen(scenario(other, rule, propose))


def generated(lots: int, bidders: int, seed: int, spread: int) -> AwardProblem:
    chance = random.Random(seed)
    names = [f"S{number:03d}" for number in range(bidders)]
    rows = [lot(f"L{n:04d}", **{name: str(60 + chance.randrange(spread)) for name in names}) for n in range(lots)]
    return problem(*rows, maximum=2)


@pytest.mark.parametrize("spread", [1, 3, 40])
def test_with_many_lots_every_proposal_leads_to_the_same_awards(spread: int) -> None:
    given_ = generated(40, 25, seed=spread, spread=spread)
    found = [chosen(scenario(given_, Rule.OPTIMAL, solver)) for solver in (in_turn, assign, at_random)]
    assert found[0] == found[1] == found[2]


def test_above_a_hundred_lots_any_optimum_but_the_same_each_time() -> None:
    given_ = generated(110, 60, seed=1, spread=3)
    first, again = (scenario(given_, Rule.OPTIMAL, propose) for _ in range(2))
    assert chosen(first) == chosen(again)
    assert worth(first, given_) == worth(scenario(given_, Rule.OPTIMAL, in_turn), given_)


def test_a_proposal_cut_to_memory_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_MOST_CELLS", 1)
    given_ = generated(12, 5, seed=2, spread=30)
    assert chosen(scenario(given_, Rule.OPTIMAL, assign)) == chosen(scenario(given_, Rule.OPTIMAL, in_turn))
