"""Verify an export of the audit trail independently of the service: needs only Python 3.11 and `cryptography`.

    python offline.py EXPORT --checkpoints PATH --public-key KEY.pem

This file defines hashing and signing; the service writes its trail with these functions. Exit status: 0 the trail is
intact, 2 wrong usage, 3 it is not. docs/audit.md states what is proved and what is not.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

FORMAT = "bidscreen-audit/1"
GENESIS = "0" * 64
CHECKPOINTS = "checkpoints"  # reported as the chain where a checkpoint is at fault; its sequence is the number
EXPORT = "export"  # reported as the chain where the file itself is at fault; its sequence is the line
_CONTEXT = b"bidscreen audit checkpoint 1\n"
_HEX64 = re.compile(r"[0-9a-f]{64}")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> bytes:
    """Encode plain values as UTF-8 JSON with sorted keys and no white space. ValueError for NaN and lone surrogates."""
    return _ENCODER.encode(value).encode("utf-8")


def event_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an event's content, its place in the chain and the previous hash."""
    return hashlib.sha256(canonical(body)).hexdigest()


def event_line(body: Mapping[str, Any], recorded: str) -> bytes:
    """Return an event as one line of an export."""
    return canonical({"event": body, "hash": recorded})


def row_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a row that events bind: its table, id, chain and complete content."""
    return hashlib.sha256(canonical(body)).hexdigest()


def row_line(body: Mapping[str, Any]) -> bytes:
    """Return a row as one line of an export."""
    return canonical({"row": body})


def signed_bytes(body: Mapping[str, Any]) -> bytes:
    """Return the bytes that the Ed25519 signature of a checkpoint covers."""
    return _CONTEXT + canonical(body)


def checkpoint_line(body: Mapping[str, Any], signature: bytes) -> bytes:
    """Return a checkpoint as one line, as delivered to sinks and written to exports."""
    return canonical({"checkpoint": body, "signature": signature.hex()})


def line_hash(line: bytes) -> str:
    """Return the hash of a checkpoint's line, which the next checkpoint states."""
    return hashlib.sha256(line).hexdigest()


def heads_root(heads: Mapping[str, tuple[int, str]]) -> str:
    """Return one hash over all heads stated so far: chain, sequence, hash, ordered by chain."""
    return hashlib.sha256(canonical([[chain, *heads[chain]] for chain in sorted(heads)])).hexdigest()


def commitment(nonce: str, chain: str, sequence: int, recorded: str) -> str:
    """Return a commitment of a checkpoint to the head of a sealed chain, whose length must stay hidden; the nonce opens
    it later.
    """
    return hashlib.sha256(canonical([nonce, chain, sequence, recorded])).hexdigest()


def key_id(public_key: Ed25519PublicKey) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Break:
    """A break of the trail: the links `sequence` to `last` of a chain; codes in docs/audit.md."""

    chain: str
    sequence: int
    last: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The counts and the breaks found. `unwitnessed` events came after the last checkpoint of their chain."""

    chains: int
    events: int
    checkpoints: int
    unwitnessed: int
    sealed: tuple[str, ...]
    breaks: tuple[Break, ...]
    rows: int = 0

    @property
    def intact(self) -> bool:
        """Whether no break was found."""
        return not self.breaks


class Link(NamedTuple):
    """The position and hashes of an event; `sound`: its hash matches its content."""

    chain: str
    sequence: int
    previous: str
    hash: str
    sound: bool
    rows: tuple[tuple[str, str, str | None], ...] = ()  # table, id and hash of each row written with it; None: deleted


class Binding(NamedTuple):
    """The newest event that binds a row, and the hash that it states; None: the row was deleted."""

    chain: str
    sequence: int
    hash: str | None


class Told(NamedTuple):
    """A checkpoint: heads that changed since the previous one, and commitments to those of sealed chains."""

    number: int
    previous: str
    heads: tuple[tuple[str, int, str], ...]
    sealed: tuple[tuple[str, str], ...]
    chains: int
    events: int
    root: str
    key: str
    published: tuple[tuple[str, str, str], ...]  # subject, kind, hash of what became public
    signed: bool  # by a trusted key
    known: bool  # whether its key is among the trusted ones


def plain(line: bytes) -> dict[str, Any] | None:
    """Parse the object on a line; None unless the line is its canonical text, byte for byte."""
    try:
        value = json.loads(line.decode("utf-8"))
        return value if isinstance(value, dict) and canonical(value) == line else None
    except (ValueError, RecursionError):
        return None


def examine(line: bytes) -> Link | None:
    """Parse a line as a link of a chain; None where it is not one."""
    value = plain(line)
    body = value.get("event") if value is not None and value.keys() == {"event", "hash"} else None
    if value is None or not isinstance(body, dict):
        return None
    chain, sequence, previous, recorded = (
        body.get("chain"),
        body.get("sequence"),
        body.get("previousHash"),
        value["hash"],
    )
    if not (
        isinstance(chain, str) and type(sequence) is int and isinstance(previous, str) and isinstance(recorded, str)
    ):
        return None
    try:
        rows = tuple((_text(table), _text(key), one and _digest(one)) for table, key, one in body.get("rows", ()))
    except (TypeError, ValueError):
        return None
    return Link(chain, sequence, previous, recorded, event_hash(body) == recorded, rows)


def examine_checkpoint(line: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Told | None:
    """Parse a line as a checkpoint and verify its signature with the trusted keys; None where it is not one."""
    value = plain(line)
    if value is None or value.keys() != {"checkpoint", "signature"}:
        return None
    body = value["checkpoint"]
    try:
        told = Told(
            _whole(body["number"]), _digest(body["previous"]),
            tuple((_text(chain), _whole(sequence), _digest(head)) for chain, sequence, head in body["heads"]),
            tuple((_text(chain), _digest(promise)) for chain, promise in body["sealed"]),
            _whole(body["chains"]), _whole(body["events"]), _digest(body["root"]), _text(body["keyId"]),
            tuple((_text(subject), _text(kind), _digest(one)) for subject, kind, one in body.get("published", ())),
            signed=False, known=body["keyId"] in keys,
        )  # fmt: skip
        signature = bytes.fromhex(value["signature"])
    except (KeyError, TypeError, ValueError):
        return None
    return told._replace(signed=told.known and _verified(keys[told.key], signature, signed_bytes(body)))


def _verified(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("an integer is expected")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text is expected")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _HEX64.fullmatch(value):
        raise ValueError("a SHA-256 is expected")
    return value


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


class Rows:
    """Read the rows of an export, ordered by table and id, and compare them with what the events bind."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], tuple[str, str]] = {}  # chain and hash
        self._before = ("", "")

    def push(self, line: bytes) -> str | None:
        """Add the next line; return the code of its error, if it has one."""
        body = (plain(line) or {}).get("row")
        try:
            place = _text(body["table"]), _text(body["id"])  # type: ignore[index]  # a TypeError, as for other values
            chain = _text(body["chain"])  # type: ignore[index]
        except (KeyError, TypeError):
            return "unreadable"
        fault = "order" if place <= self._before else None
        self._before, self.found[place] = max(place, self._before), (chain, row_hash(body))  # type: ignore[arg-type]
        return fault

    def judged(self, bound: Mapping[tuple[str, str], Binding]) -> Iterator[Break]:
        """Yield rows that differ from their newest event: changed, missing, or bound by no event."""
        for place in sorted(bound.keys() | self.found.keys()):
            yield from row_break(place, bound.get(place), self.found.get(place))


def row_break(place: tuple[str, str], bound: Binding | None, found: tuple[str, str] | None) -> Iterator[Break]:
    """Return the break of one row, if any; `found` is its chain and its hash."""
    name = "/".join(place)
    if found is not None and (bound is None or bound.hash is None):
        chain, sequence = (found[0], 0) if bound is None else (bound.chain, bound.sequence)
        yield Break(chain, sequence, sequence, "row_unbound", f"{name}: no event writes this row")
    elif found is None and bound is not None and bound.hash is not None:
        yield Break(bound.chain, bound.sequence, bound.sequence, "row_missing", f"{name}: the row was removed")
    elif found is not None and bound is not None and found[1] != bound.hash:
        yield Break(bound.chain, bound.sequence, bound.sequence, "row_changed", f"{name}: is not what was recorded")


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


_SECTIONS = (b'{"export":', b'{"checkpoint":', b'{"opened":', b'{"event":', b'{"row":', b'{"end":')
_HEAD, _CHECKPOINT, _OPENED, _EVENT, _ROW, _END = range(6)


def verify(
    lines: Iterable[bytes],
    keys: Mapping[str, Ed25519PublicKey],
    witnessed: Iterable[Named] | None = None,
    *,
    examined: Callable[[bytes], Link | None] = examine,
    looked: Look | None = None,
) -> Report:
    """Verify an export, line by line without line ends, against trusted keys and the sink's checkpoints.

    Without `witnessed` only the checkpoints in the export itself are used: whoever truncated the export may have
    truncated those.
    """
    look = looked or (lambda line: examine_checkpoint(line, keys))
    events, rows, witness = Events(), Rows(), Witness(look)
    own, broken = list[bytes](), list[Break]()
    opened: dict[tuple[int, str], tuple[int, str, str]] = {}
    section = number = -1
    ended: dict[str, Any] | None = None
    for number, line in enumerate(lines, 1):
        if section == _EVENT and line.startswith(_SECTIONS[_EVENT]):
            events.push(examined(line))
            continue
        kind = next((one for one, prefix in enumerate(_SECTIONS) if line.startswith(prefix)), max(section, 0))
        fault = "order" if kind < section or (section in (_HEAD, _END) and kind == section) else None
        section = max(section, kind)
        if kind == _EVENT:
            events.push(examined(line))
        elif kind == _CHECKPOINT:
            own.append(line)
        elif kind == _OPENED:
            fault = fault or _open(line, opened)
        elif kind == _ROW:
            fault = rows.push(line) or fault
        elif kind == _HEAD:
            fault = fault or (None if _known_head(plain(line), keys) else "head")
        else:
            ended = (plain(line) or {}).get("end")
        if fault:
            broken.append(Break(EXPORT, number, number, fault, "this line is not as the service writes it"))
    events.close(whole=ended is not None)
    counted = {"chains": len(events.chains), "checkpoints": len(own), "events": events.count, "rows": len(rows.found)}
    if ended != counted:
        broken.append(Break(EXPORT, number, number, "end", "the last line does not match the content of the file"))
    witness.add(EXPORT, ((None, line) for line in own))
    if witnessed is not None:
        witness.add("sink", witnessed)
    witness.settle()
    heads = witness.heads(opened, events.chains)
    breaks = (*events.judged(heads.told), *rows.judged(events.bound), *witness.breaks, *broken)
    newest = {chain: told[-1][0] for chain, told in heads.told.items()}
    loose = sum(max(0, chain.last - newest.get(name, 0)) for name, chain in events.chains.items())
    counts = (len(events.chains), events.count, len(witness.told), loose)
    return Report(*counts, tuple(sorted(heads.sealed)), breaks, len(rows.found))


def _open(line: bytes, opened: dict[tuple[int, str], tuple[int, str, str]]) -> str | None:
    try:
        one = (plain(line) or {})["opened"]
        place = _whole(one["number"]), _text(one["chain"])
        fault = "order" if opened and place <= max(opened) else None
        opened[place] = _whole(one["sequence"]), _digest(one["hash"]), _digest(one["nonce"])
    except (KeyError, TypeError, ValueError):
        return "opened"
    return fault


def _known_head(value: dict[str, Any] | None, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    head = (value or {}).get("export")
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        return False
    key = keys.get(str(head.get("keyId")))
    return key is not None and head == head_of(key)


def published_in(lines: Iterable[Named], keys: Mapping[str, Ed25519PublicKey]) -> dict[tuple[str, str], set[str]]:
    """Return the hashes that trusted checkpoints state, by subject and kind; more than one where they contradict each other."""
    found: dict[tuple[str, str], set[str]] = {}
    for _, line in lines:
        told = examine_checkpoint(line, keys)
        for subject, kind, one in told.published if told is not None and told.signed else ():
            found.setdefault((subject, kind), set()).add(one)
    return found


def head_of(key: Ed25519PublicKey) -> dict[str, Any]:
    """Return the first line of an export, for information: the verifier gets the trusted key separately, never from the
    export.
    """
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return {"format": FORMAT, "keyId": key_id(key), "publicKey": raw}


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
            start = line.find(_SECTIONS[_CHECKPOINT])
            if start >= 0:
                yield None, line[start : line.rfind(b"}") + 1]


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of an export."""
    with path.open("rb") as export:
        for line in export:
            yield line.removesuffix(b"\n")


def public_keys(paths: Iterable[Path]) -> dict[str, Ed25519PublicKey]:
    """Return trusted keys (PEM) by id. ValueError where a file holds none."""
    keys = {}
    for path in paths:
        key = load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("an Ed25519 public key is expected")  # noqa: TRY004  a file of another content
        keys[key_id(key)] = key
    return keys


def main(arguments: list[str] | None = None) -> int:
    """Run the command: print the report as one JSON object and return the exit status."""
    parser = argparse.ArgumentParser(description="Verify an export of the audit trail.")
    parser.add_argument("export", type=Path, help="output of `bidscreen audit export`")
    parser.add_argument("--checkpoints", type=Path, help="the sink's folder, or a log with its lines")
    parser.add_argument("--public-key", type=Path, action="append", required=True, help="PEM file; may be repeated")
    given = parser.parse_args(arguments)
    try:
        witnessed = list(witnessed_in(given.checkpoints)) if given.checkpoints else None
        report = verify(lines_of(given.export), public_keys(given.public_key), witnessed)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    shown = {**asdict(report), "intact": report.intact, "witnessed": witnessed is not None}
    shown["breaks"], shown["broken"] = [asdict(one) for one in report.breaks[:100]], len(report.breaks)
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0 if report.intact else 3


if __name__ == "__main__":
    sys.exit(main())
