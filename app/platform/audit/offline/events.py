"""Read the chains of events in one pass, and judge them against the heads that checkpoints state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from app.platform.audit.offline.hashing import GENESIS
from app.platform.audit.offline.lines import Binding, Break, Link


@dataclass(slots=True)
class Chain:
    """The links read of one chain."""

    hashes: dict[int, str] = field(default_factory=dict)
    last: int = 0
    hash: str | None = GENESIS  # of the link read last; None where it is unreliable
    gaps: set[int] = field(default_factory=set)
    loose: list[int] = field(default_factory=list)  # links that their successor does not refer to
    faulty: set[int] = field(default_factory=set)


class Events:
    """Read the events of an export in one pass; chains follow each other in the order of their names."""

    def __init__(self) -> None:
        self.chains: dict[str, Chain] = {}
        self.breaks: list[Break] = []
        self.count = 0
        self.bound: dict[tuple[str, str], Binding] = {}
        self._strays: dict[str, set[int]] = {}
        self._current = ""
        self._chain = Chain()  # the current one
        self._held: Link | None = None  # the link before the newest: each is judged with its successor
        self._holes: list[tuple[str, str]] = []  # lines without a usable position: code and detail

    def push(self, link: Link | None) -> None:
        """Add the next line of the export."""
        if self.count:
            self._take(self._held, link)
        self.count += 1
        self._held = link

    def close(self, *, whole: bool) -> None:
        """End the input; if the last line of the file was not found, the unreadable line in its place counts as it."""
        if self._held is None and self.count and not whole:
            self.count -= 1
        elif self.count:
            self._take(self._held, None)
        self._fill(self._current, len(self._holes))

    def _take(self, link: Link | None, following: Link | None) -> None:
        chain = self._chain
        if link is not None and link.chain == self._current and link.sequence == chain.last + 1 and not self._holes:
            self._next(chain, link)
        elif link is None:
            self._holes.append(("unreadable", "the line is not the canonical text of an event"))
        elif not link.sound and not self._expected(link):
            self._holes.append(("content", "was changed after it was written"))
        elif link.chain == self._current and not self._early(link, following):
            self._fill(self._current, len(self._holes))
            self._next(chain, link)
        elif self._begins(link, following):
            self._begin(link)
        else:
            self._stray(link)

    def _expected(self, link: Link) -> bool:
        """Whether the link claims the position at which it was read."""
        if link.chain == self._current:
            return link.sequence == self._chain.last + len(self._holes) + 1
        return link.sequence == 1 and link.chain > self._current and not self._holes

    def _early(self, link: Link, following: Link | None) -> bool:
        """Whether the link comes before its position while its successor is in the right position."""
        wanted = self._chain.last + len(self._holes) + 1
        on = following is not None and following.chain == link.chain and following.sequence == wanted
        return on and link.sequence > wanted

    def _begins(self, link: Link, following: Link | None) -> bool:
        """Whether another chain begins here, as opposed to a misplaced link of one."""
        if link.chain in self.chains:
            return False
        if link.sequence == 1 + len(self._holes):
            return following is None or following.chain != self._current or following.sequence <= self._chain.last
        return following is not None and following.chain == link.chain and following.sequence >= link.sequence

    def _begin(self, link: Link) -> None:
        own = min(len(self._holes), link.sequence - 1)
        self._fill(self._current, len(self._holes) - own)
        late = link.chain < self._current
        self._current = link.chain
        self._fill(link.chain, own)
        chain = self._chain = self.chains.setdefault(link.chain, Chain())
        if late:
            self._broken(link.chain, link.sequence, "order", "its chain comes after a later one")
        self._next(chain, link)

    def _fill(self, name: str, count: int) -> None:
        """Assign lines without a usable position by their order in the file."""
        for code, detail in self._holes[:count]:
            chain = self.chains.setdefault(name, Chain())
            chain.last, chain.hash = chain.last + 1, None
            chain.hashes[chain.last] = ""
            self._broken(name, chain.last, code, detail)
        del self._holes[:count]

    def _next(self, chain: Chain, link: Link) -> None:
        if link.sequence <= chain.last:
            self._again(chain, link)
            return
        if not link.sound:
            self._broken(link.chain, link.sequence, "content", "was changed after it was written")
        elif link.sequence == chain.last + 1 and chain.hash not in (None, link.previous):
            chain.loose.append(chain.last)
        if link.sequence > chain.last + 1:
            chain.gaps.update(range(chain.last + 1, link.sequence))
        chain.last, chain.hashes[link.sequence] = link.sequence, link.hash
        chain.hash = link.hash if link.sound else None
        if link.sound:
            self.bound.update({(table, key): Binding(link.chain, link.sequence, one) for table, key, one in link.rows})

    def _again(self, chain: Chain, link: Link) -> None:
        if link.sequence in chain.gaps:
            chain.gaps.discard(link.sequence)
            chain.hashes[link.sequence] = link.hash
            self._broken(link.chain, link.sequence, "order", "comes after links that follow it")
        elif chain.hashes.get(link.sequence) == link.hash:
            self._broken(link.chain, link.sequence, "replayed", "the same link occurs twice")
        else:
            self._broken(link.chain, link.sequence, "forked", "two links claim this position")

    def _stray(self, link: Link) -> None:
        chain = self.chains.get(link.chain)
        if chain is not None and link.sequence in chain.hashes:
            self._again(chain, link)
            return
        self._strays.setdefault(link.chain, set()).add(link.sequence)
        self._broken(link.chain, link.sequence, "misplaced", f"is among the links of {self._current or 'no chain'}")

    def _broken(self, chain: str, sequence: int, code: str, detail: str) -> None:
        self.breaks.append(Break(chain, sequence, sequence, code, detail))
        if chain in self.chains:
            self.chains[chain].faulty.add(sequence)

    def judged(self, told: Mapping[str, list[tuple[int, str]]]) -> Iterator[Break]:
        """Yield the breaks within the chains, and against the heads in checkpoints (ordered by sequence)."""
        yield from self.breaks
        for name, chain in self.chains.items():
            chain.faulty |= chain.gaps
            for first, last in _runs(sorted(chain.gaps - self._strays.get(name, set()))):
                yield Break(name, first, last, "gap", "links are missing")
            heads = told.get(name, [])
            yield from _loose(name, chain, [place for place, head in heads if chain.hashes.get(place) == head])
            yield from _against(name, chain, heads)
        for name in sorted(told.keys() - self.chains.keys()):
            yield Break(name, 1, told[name][-1][0], "missing_chain", "checkpoints state a chain that is missing here")


def _loose(name: str, chain: Chain, anchors: list[int]) -> Iterator[Break]:
    """Yield links that do not connect: where a checkpoint confirms the later one, the earlier one was replaced."""
    flaws = sorted({*chain.loose, *chain.faulty})
    for place in chain.loose:
        following = next((flaw for flaw in flaws if flaw > place), chain.last + 1)
        certain = any(place < anchor <= following for anchor in anchors)
        if certain and place:
            yield Break(name, place, place, "replaced", "is not the link that the witnessed ones after it follow")
        else:
            yield Break(name, max(place, 1), place + 1, "link", "the later of these does not follow the earlier")


def _against(name: str, chain: Chain, heads: list[tuple[int, str]]) -> Iterator[Break]:
    """Yield the first head that contradicts the chain; everything since the last matching head is in doubt."""
    agreed = 0
    for place, head in heads:
        if place > chain.last:
            yield Break(name, chain.last + 1, place, "cut", f"a checkpoint states {place} links")
            return
        if chain.hashes.get(place) == head:
            agreed = place
        elif place not in chain.faulty and (place, chain.hashes.get(place)) not in heads:  # not forked checkpoints
            yield Break(name, min(agreed + 1, place), place, "recomputed", "differs from a checkpoint")
            return


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of consecutive numbers."""
    for _, run in groupby(enumerate(numbers), key=lambda one: one[1] - one[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]
