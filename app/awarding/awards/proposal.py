"""The solver for award scenarios: greedy for small problems, scipy for others; the core makes both optimal.

Loading scipy takes most of a second, in which the core settles nine lots of sixty bidders many times over.
"""

from collections.abc import Sequence

from app.core.awards.exchange import Costs

SMALL = 2_000


def propose(costs: Costs, capacities: Sequence[int]) -> Sequence[int | None]:
    """Propose an assignment; see `app.core.awards.assignment.Solver`."""
    if sum(map(len, costs)) <= SMALL:
        return in_turn(costs, capacities)
    from app.awarding.awards.solver import assign  # noqa: PLC0415 - see above: only where it pays

    return assign(costs, capacities)


def in_turn(costs: Costs, capacities: Sequence[int]) -> list[int | None]:
    """Assign lot by lot the cheapest bidder below its limit."""
    room = list(capacities)
    chosen: list[int | None] = []
    for row in costs:
        able = [(cost, bidder) for bidder, cost in row.items() if room[bidder]]
        bidder = min(able)[1] if able else None
        if bidder is not None:
            room[bidder] -= 1
        chosen.append(bidder)
    return chosen
