"""Compare the checkpoints of an export with those of the sink, and read a sink."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.platform.audit.offline.hashing import CHECKPOINTS, EXPORT, GENESIS, commitment, heads_root, line_hash
from app.platform.audit.offline.lines import CHECKPOINT, SECTIONS, Break, Told, examine_checkpoint

Look = Callable[[bytes], Told | None]
Named = tuple[int | None, bytes]  # a checkpoint's line, with the number from its file name if it has one


class Witness:
    """Compare the checkpoints of the export with those of the sink."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self.breaks: list[Break] = []
        self.told: dict[int, dict[bytes, Told]] = {}
        self._published: dict[tuple[str, str], str] = {}
        self._held: dict[str, set[int]] = {}  # numbers found in each source, valid or not

    def add(self, source: str, lines: Iterable[Named]) -> None:
        """Add all checkpoints of a source. One without a valid signature is placed by its file name, else by its order."""
        held, before = self._held.setdefault(source, set()), 0
        for named, line in lines:
            told = self._look(line)
            trusted = told is not None and told.signed
            number = told.number if told is not None and trusted and named is None else named or before + 1
            code = "unreadable" if told is None else "signature" if told.known else "unknown_key"
            if told is None or not trusted:
                self._broken(number, code, f"in the {source}")
            elif told.number != number:
                self._broken(number, "misplaced", f"in the {source}: it is number {told.number}")
            else:
                if source == EXPORT and number <= before:
                    self._broken(number, "order", "comes after a later one, or occurs twice")
                self.told.setdefault(number, {})[line] = told
            held.add(number)
            before = max(before, number)

    def settle(self) -> None:
        """Check that numbers have no gap, one checkpoint each, and that each refers to its predecessor and covers all
        heads.
        """
        heads: dict[str, tuple[int, str]] = {}
        whole, newest = True, max((0, *(max(held, default=0) for held in self._held.values())))
        for number in range(1, newest + 1):
            found = self.told.get(number, {})
            self._missing(number)
            if len(found) > 1:
                self._broken(number, "forked", "two signed checkpoints have this number")
            whole = whole and len(found) == 1
            for told in found.values():
                heads.update({chain: (place, head) for chain, place, head in told.heads})
                self._bound(told, heads if whole else None)
                self._once(told)

    def _missing(self, number: int) -> None:
        for source, held in self._held.items():
            # An export may be older than the sink: then the heads in later checkpoints show what it lacks.
            if number not in held and (source != EXPORT or number < max(held, default=0)):
                self._broken(number, "missing", f"not in the {source}")

    def _once(self, told: Told) -> None:
        """Report values that were published twice and differ: keys, a list of envelopes, an opening record."""
        for subject, kind, one in told.published:
            if self._published.setdefault((subject, kind), one) != one:
                self._broken(told.number, "republished", f"another {kind} of {subject} was published before")

    def _bound(self, told: Told, heads: Mapping[str, tuple[int, str]] | None) -> None:
        before = {line_hash(line) for line in self.told.get(told.number - 1, ())} or {told.previous}
        if told.previous not in ({GENESIS} if told.number == 1 else before):
            self._broken(told.number, "link", "does not follow the checkpoint before it")
        if heads is not None:
            counted = (len(heads), sum(place for place, _ in heads.values()), heads_root(heads))
            if counted != (told.chains, told.events, told.root):
                self._broken(told.number, "root", "does not cover the heads stated so far")

    def _broken(self, number: int, code: str, detail: str) -> None:
        self.breaks.append(Break(CHECKPOINTS, number, number, f"checkpoint_{code}", detail))

    def heads(self, opened: Mapping[tuple[int, str], tuple[int, str, str]], chains: Iterable[str]) -> "Heads":
        """Return the stated heads of each chain, those of sealed chains as far as the export opens them."""
        found, present = Heads({}, set()), set(chains)
        for number, told in ((one.number, one) for place in sorted(self.told) for one in self.told[place].values()):
            for chain, place, head in told.heads:
                found.told.setdefault(chain, []).append((place, head))
            for chain, promise in told.sealed:
                place, head, nonce = opened.get((number, chain), (0, "", ""))
                if (number, chain) not in opened:
                    found.sealed.add(chain)
                    if chain in present:
                        self.breaks.append(Break(chain, number, number, "opening_missing", "of this checkpoint"))
                elif commitment(nonce, chain, place, head) != promise:
                    self.breaks.append(Break(chain, number, number, "opening_false", "of this checkpoint"))
                elif place:
                    found.told.setdefault(chain, []).append((place, head))
        for heads in found.told.values():
            heads.sort()
        found.sealed.difference_update(present, found.told)
        return found


class Heads(NamedTuple):
    """The stated heads of each chain, ordered by sequence; chains that are still sealed."""

    told: dict[str, list[tuple[int, str]]]
    sealed: set[str]


def published_in(lines: Iterable[Named], keys: Mapping[str, Ed25519PublicKey]) -> dict[tuple[str, str], set[str]]:
    """Return the hashes that trusted checkpoints state, by subject and kind; more than one where they contradict each other."""
    found: dict[tuple[str, str], set[str]] = {}
    for _, line in lines:
        told = examine_checkpoint(line, keys)
        for subject, kind, one in told.published if told is not None and told.signed else ():
            found.setdefault((subject, kind), set()).add(one)
    return found


def witnessed_in(path: Path) -> Iterator[Named]:
    """Yield the checkpoints in a sink's folder (`checkpoint-000000000001.json`), or in a log written by a syslog
    server.
    """
    if path.is_dir():
        for file in sorted(path.glob("checkpoint-*.json")):
            digits = file.stem.removeprefix("checkpoint-")
            yield (int(digits) if digits.isdecimal() else None), file.read_bytes().removesuffix(b"\n")
        return
    with path.open("rb") as log:
        for line in log:
            start = line.find(SECTIONS[CHECKPOINT])
            if start >= 0:
                yield None, line[start : line.rfind(b"}") + 1]
