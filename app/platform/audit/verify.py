"""Verification in the database: recompute every chain from its first link, and compare rows and checkpoints with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.platform.audit.chain import link_hash
from app.platform.audit.offline.hashing import EXPORT, GENESIS
from app.platform.audit.offline.lines import Binding, examine_checkpoint
from app.platform.audit.offline.lines import Break as ExportBreak
from app.platform.audit.offline.rows import row_break
from app.platform.audit.offline.witness import Witness
from app.platform.audit.rows import bound_tables, rows_of
from app.platform.audit.tables import AuditCheckpoint, AuditEvent, AuditHead
from app.platform.audit.visibility import sealed_chains

BATCH = 1000
SEALED = "a chain that is confidential until its bidding is closed"
Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True, slots=True)
class Break:
    """A broken place: `gap`, `link`, `content`, `head`, a row (`row_…`), or a contradicting checkpoint."""

    chain: str
    sequence: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The counts and the breaks found; without breaks the trail is intact. Sealed chains are not counted."""

    chains: int
    events: int
    rows: int
    breaks: tuple[Break, ...]


def verify(session: Session, chain: str | None = None, keys: Keys | None = None) -> Report:
    """Verify all chains, or the one named, and the rows that their events bind.

    With the public `keys` of the checkpoints, verify the stored checkpoints too: without the private key these can be
    removed but not changed. Chains recomputed after removing them are detected only against the sink's checkpoints. The
    number of events of a sealed chain stays confidential: a break in it has no position.
    """
    only = AuditHead.chain == chain if chain is not None else true()
    heads = {head.chain: head for head in session.scalars(select(AuditHead).where(only))}
    hidden = set(sealed_chains(session))
    read = _Read(_told(session, keys or {}, set(heads)))
    for row in _events(session, chain):
        read.push(row)
    read.breaks += _headless(heads, read.last)
    read.breaks += _uncovered(read.told, read.last) if chain is None else ()
    rows = _rows(session, chain, read, hidden)
    shown = set(heads) | set(read.last)
    events = sum(count for name, (count, _) in read.last.items() if name not in hidden)
    breaks = dict.fromkeys(_discreet(one, hidden) for one in read.breaks)
    return Report(len(shown - hidden), events, rows, tuple(breaks))


class _Read:
    """The events read so far; `told` is chain → sequence → hash, by the stored checkpoints."""

    def __init__(self, told: Mapping[str, Mapping[int, str]]) -> None:
        self.told = told
        self.last: dict[str, tuple[int, str]] = {}
        self.bound: dict[tuple[str, str], Binding] = {}
        self.breaks: list[Break] = []

    def push(self, row: AuditEvent) -> None:
        self.breaks += _faults(row, self.last.get(row.chain, (0, GENESIS)))
        if self.told.get(row.chain, {}).get(row.sequence, row.hash) != row.hash:
            self.breaks.append(Break(row.chain, row.sequence, "recomputed", "a signed checkpoint states another hash"))
        self.last[row.chain] = (row.sequence, row.hash)
        self.bound.update({(table, key): Binding(row.chain, row.sequence, one) for table, key, one in row.rows})


def _told(session: Session, keys: Keys, chains: set[str]) -> dict[str, dict[int, str]]:
    """Return the heads that the stored checkpoints state; those of unknown keys (before a rotation) are omitted."""
    witness, opened = Witness(lambda line: examine_checkpoint(line, keys)), {}
    stored = session.execute(select(AuditCheckpoint.line, AuditCheckpoint.number, AuditCheckpoint.sealed))
    lines = []
    for line, number, sealed in stored if keys else ():
        lines.append((number, line.encode()))
        opened.update({(number, name): (sequence, head, nonce) for name, sequence, head, nonce in sealed})
    witness.add(EXPORT, lines)
    return {name: dict(places) for name, places in witness.heads(opened, chains).told.items()}


def _events(session: Session, chain: str | None) -> Iterator[AuditEvent]:
    only = AuditEvent.chain == chain if chain is not None else true()
    query = select(AuditEvent).where(only).order_by(AuditEvent.chain, AuditEvent.sequence)
    return iter(session.scalars(query.execution_options(yield_per=BATCH)))


def _rows(session: Session, chain: str | None, read: _Read, hidden: set[str]) -> int:
    """Compare every row of the bound tables with the newest event that binds it; return the number of rows compared."""
    count, waiting = 0, dict(read.bound)
    for table in bound_tables():
        for row in rows_of(session, table):
            bound = waiting.pop((table, row.id), None)
            if chain is not None and chain != row.chain and bound is None:
                continue
            count += row.chain not in hidden
            read.breaks += _plain(row_break((table, row.id), bound, (row.chain, row.sha256)))
    for place, bound in sorted(waiting.items()):
        read.breaks += _plain(row_break(place, bound, None))
    return count


def _plain(breaks: Iterable[ExportBreak]) -> Iterator[Break]:
    return (Break(one.chain, one.sequence, one.code, one.detail) for one in breaks)


def _faults(row: AuditEvent, before: tuple[int, str]) -> Iterator[Break]:
    sequence, previous = before
    if row.sequence != sequence + 1:
        yield Break(row.chain, row.sequence, "gap", f"expected link {sequence + 1}")
    elif row.previous_hash != previous:
        yield Break(row.chain, row.sequence, "link", "event does not follow the previous one")
    if row.hash != link_hash(row):
        yield Break(row.chain, row.sequence, "content", "event was changed after it was recorded")


def _headless(heads: dict[str, AuditHead], last: dict[str, tuple[int, str]]) -> Iterator[Break]:
    for chain in sorted(set(heads) | set(last)):
        sequence, found = last.get(chain, (0, GENESIS))
        head = heads.get(chain)
        if head is None or (head.sequence, head.hash) != (sequence, found):
            yield Break(chain, sequence, "head", "chain does not end at its recorded head")


def _uncovered(told: Mapping[str, Mapping[int, str]], last: Mapping[str, tuple[int, str]]) -> Iterator[Break]:
    """Yield chains that end before the position that a signed checkpoint states."""
    for chain, places in sorted(told.items()):
        if max(places) > last.get(chain, (0, GENESIS))[0]:
            yield Break(chain, max(places), "cut", "a signed checkpoint states more events")


def _discreet(one: Break, hidden: set[str]) -> Break:
    return Break(one.chain, 0, one.code, SEALED) if one.chain in hidden else one
