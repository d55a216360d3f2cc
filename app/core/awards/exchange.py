"""Negative-cycle cancelling on an assignment of lots: proves optimality, improves, and selects among equal optima.

A node is a holder of lots: each bidder, `nobody` (lots without award) and `spare` (free capacity). Lots move along arcs; a
cycle of moves with negative total cost is an improvement, and an assignment without such a cycle is optimal (Klein 1967).
All numbers are integers of any size, so the proof is exact to the fen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Costs = Sequence[Mapping[int, int]]
"""For each lot: bidder → cost of the award; the lowest sum is optimal."""


@dataclass(slots=True)
class Exchange:
    """A working assignment: `holders[lot]` is a bidder or `nobody`; at most `capacities[bidder]` lots each."""

    costs: Costs
    capacities: Sequence[int]
    holders: list[int]
    nobody: int = field(init=False)
    spare: int = field(init=False)
    prices: list[int] = field(init=False)
    _options: list[dict[int, int]] = field(init=False)
    _loads: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.nobody = len(self.capacities)
        self.spare = self.nobody + 1
        dearest = max((abs(cost) for row in self.costs for cost in row.values()), default=0)
        left_over = 2 * len(self.costs) * dearest + 1  # awarding one more lot outweighs any gain on the others
        self._options = [{**row, self.nobody: left_over} for row in self.costs]
        self._loads = [0] * (self.nobody + 1)
        for holder in self.holders:
            self._loads[holder] += 1
        self.prices = [0] * (self.spare + 1)

    def improve(self) -> None:
        """Apply improving cycles until none is left; `prices` then prove optimality."""
        while (round_ := self._improving_round()) is not None:
            for lot, holder in round_:
                self._move(lot, holder)

    def settle(self, order: Sequence[int]) -> None:
        """Among all optimal assignments, select the first by `order` of lots, then by bidder number.

        A lot without award sorts after every bidder. Needs the prices that `improve` computes: an optimal assignment gives
        each lot to a holder of least reduced cost, so only those are considered.
        """
        cheapest = [self._cheapest(lot) for lot in range(len(self.costs))]
        open_lots = set(range(len(self.costs)))
        for lot in order:
            open_lots.discard(lot)
            earlier = [holder for holder in cheapest[lot] if holder < self.holders[lot]]
            if earlier:
                self._take_earliest(lot, earlier, self._ways_to(self.holders[lot], cheapest, open_lots))

    def _take_earliest(self, lot: int, earlier: Sequence[int], ways: Mapping[int, tuple[int, int | None]]) -> None:
        chosen = next((holder for holder in earlier if holder in ways), None)
        if chosen is None:
            return
        target, at = self.holders[lot], chosen
        self._move(lot, chosen)
        while at != target:
            at_next, moved = ways[at]
            if moved is not None:
                self._move(moved, at_next)
            at = at_next

    def _cheapest(self, lot: int) -> list[int]:
        reduced = {holder: cost - self.prices[holder] for holder, cost in self._options[lot].items()}
        least = min(reduced.values())
        return sorted(holder for holder, cost in reduced.items() if cost == least)

    def _ways_to(
        self, target: int, cheapest: Sequence[Sequence[int]], open_lots: set[int]
    ) -> dict[int, tuple[int, int | None]]:
        """Return, for each holder that can pass on a lot at zero cost so that `target` gains one, the next holder and
        the lot.
        """
        takers: dict[int, list[int]] = {}
        for lot in open_lots:
            for holder in cheapest[lot]:
                takers.setdefault(holder, []).append(lot)
        ways: dict[int, tuple[int, int | None]] = {target: (target, None)}
        queue = [target]
        for holder in queue:
            for giver, moved in self._givers(holder, takers):
                if giver not in ways:
                    ways[giver] = (holder, moved)
                    queue.append(giver)
        return ways

    def _givers(self, holder: int, takers: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, int | None]]:
        if holder == self.spare:
            for giver in range(self.spare):
                if self._has_room(giver) and self.prices[giver] == self.prices[self.spare]:
                    yield giver, None
            return
        for lot in takers.get(holder, ()):
            yield self.holders[lot], lot
        if self._loads[holder] and self.prices[holder] == self.prices[self.spare]:
            yield self.spare, None

    def _has_room(self, holder: int) -> bool:
        return holder == self.nobody or self._loads[holder] < self.capacities[holder]

    def _move(self, lot: int, holder: int) -> None:
        self._loads[self.holders[lot]] -= 1
        self._loads[holder] += 1
        self.holders[lot] = holder

    def _improving_round(self) -> list[tuple[int, int]] | None:
        """Run Bellman-Ford from all nodes: return the moves of a negative cycle, or None with the prices set."""
        arcs = self._arcs()
        prices, came_from = [0] * (self.spare + 1), {}
        changed = True
        while changed:
            changed = False
            for giver, targets in arcs.items():
                for holder, (cost, lot) in targets.items():
                    if prices[giver] + cost < prices[holder]:
                        prices[holder] = prices[giver] + cost
                        came_from[holder] = (giver, lot)
                        changed = True
            if changed and (round_ := _circle(came_from)) is not None:
                return round_
        self.prices = prices
        return None

    def _arcs(self) -> dict[int, dict[int, tuple[int, int | None]]]:
        """Return giver → taker → (cost, lot) of the cheapest lot that may move; the lot is None where only capacity
        moves.
        """
        arcs: dict[int, dict[int, tuple[int, int | None]]] = {}
        for lot, giver in enumerate(self.holders):
            options, targets = self._options[lot], arcs.setdefault(giver, {})
            kept = options[giver]
            for holder, cost in options.items():
                if holder != giver and (holder not in targets or cost - kept < targets[holder][0]):
                    targets[holder] = (cost - kept, lot)
        arcs[self.spare] = {holder: (0, None) for holder in range(self.spare) if self._loads[holder]}
        for holder in range(self.spare):
            if self._has_room(holder):
                arcs.setdefault(holder, {})[self.spare] = (0, None)
        return arcs


def _circle(came_from: Mapping[int, tuple[int, int | None]]) -> list[tuple[int, int]] | None:
    """Return the moves (lot, new holder) of a negative-cost cycle among the predecessor arcs, if there is one."""
    seen: dict[int, int] = {}
    for start in came_from:
        at = start
        while at in came_from and at not in seen:
            seen[at] = start
            at = came_from[at][0]
        if seen.get(at) == start and at in came_from:
            return _moves(came_from, at)
    return None


def _moves(came_from: Mapping[int, tuple[int, int | None]], start: int) -> list[tuple[int, int]]:
    moves, at = [], start
    while True:
        giver, lot = came_from[at]
        if lot is not None:
            moves.append((lot, at))
        at = giver
        if at == start:
            return moves
