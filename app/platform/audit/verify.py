"""Verification: recompute every chain from its first link and locate breaks."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.platform.audit.chain import link_hash
from app.platform.audit.offline import GENESIS
from app.platform.audit.tables import AuditEvent, AuditHead

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Break:
    """A broken place in a chain: `gap`, `link`, `content` or `head`."""

    chain: str
    sequence: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was read, and the breaks found; without breaks the trail is intact."""

    chains: int
    events: int
    breaks: tuple[Break, ...]


def verify(session: Session, chain: str | None = None) -> Report:
    """Verify all chains, or the one named. Rewritten chains are detected only against checkpoints kept elsewhere."""
    only = AuditHead.chain == chain if chain is not None else true()
    heads = {head.chain: head for head in session.scalars(select(AuditHead).where(only))}
    last: dict[str, tuple[int, str]] = {}
    breaks: list[Break] = []
    events = 0
    for row in _events(session, chain):
        events += 1
        breaks.extend(_faults(row, last.get(row.chain, (0, GENESIS))))
        last[row.chain] = (row.sequence, row.hash)
    breaks.extend(_headless(heads, last))
    return Report(len(set(heads) | set(last)), events, tuple(breaks))


def _events(session: Session, chain: str | None) -> Iterator[AuditEvent]:
    only = AuditEvent.chain == chain if chain is not None else true()
    query = select(AuditEvent).where(only).order_by(AuditEvent.chain, AuditEvent.sequence)
    return iter(session.scalars(query.execution_options(yield_per=BATCH)))


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
