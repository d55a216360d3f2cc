"""Hash chains: one per tender and one for the instance, written in the transaction of the change they record."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.values.canonical import canonical_json
from app.platform.audit.events import Event
from app.platform.audit.offline.hashing import GENESIS, event_hash
from app.platform.audit.rows import INSTANCE
from app.platform.audit.tables import AuditEvent, AuditHead, AuditPublication
from app.platform.database.sensitive import Sensitive, mask_numbers

__all__ = ["INSTANCE", "Entry", "append", "body_of", "link_hash", "masked"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that has no place in a chain yet; `before` and `after` are already masked."""

    event: Event
    chain: str
    subject_id: str
    actor_id: str
    actor_role: str
    request_id: str
    occurred_at: datetime
    before: Any
    after: Any
    rows: tuple[list[str | None], ...] = ()  # [table, id, hash] of the rows that the transaction wrote in this chain


def publication(subject: str, kind: str, sha256: str) -> AuditPublication:
    """Return the row that has the next checkpoint state the hash of something published."""
    return AuditPublication(subject=subject, kind=kind, sha256=sha256)


def append(session: Session, entries: Iterable[Entry]) -> None:
    """Append the entries to their chains. Chains are locked in a fixed order, so that transactions cannot deadlock."""
    by_chain: dict[str, list[Entry]] = {}
    for entry in entries:
        by_chain.setdefault(entry.chain, []).append(entry)
    for chain in sorted(by_chain):
        head = _lock(session, chain)
        for entry in by_chain[chain]:
            row = _link(entry, head)
            session.add(row)
            head.sequence, head.hash = row.sequence, row.hash


def body_of(row: AuditEvent) -> dict[str, Any]:
    """Return the content of an event, its place and the previous hash, as hashed and exported."""
    return {
        "chain": row.chain,
        "sequence": row.sequence,
        "id": row.id,
        "occurredAt": row.occurred_at.isoformat(timespec="microseconds"),
        "event": row.event,
        "actor": {"id": row.actor_id, "role": row.actor_role},
        "requestId": row.request_id,
        "subject": row.subject_id,
        "before": row.before,
        "after": row.after,
        "rows": row.rows,
        "previousHash": row.previous_hash,
    }


def link_hash(row: AuditEvent) -> str:
    """Return the hash of an event, by the single rule in offline.py."""
    return event_hash(body_of(row))


def masked(value: Any) -> Any:
    """Mask every resident ID in the value, including its keys."""
    match value:
        case str():
            return mask_numbers(value)
        case Sensitive():
            return value.masked()
        case Mapping():
            return {mask_numbers(str(key)): masked(item) for key, item in value.items()}
        case list() | tuple():
            return [masked(item) for item in value]
    return value


def _link(entry: Entry, head: AuditHead) -> AuditEvent:
    row = AuditEvent(
        chain=entry.chain,
        sequence=head.sequence + 1,
        occurred_at=entry.occurred_at.astimezone(UTC),  # as it is read back, or the hash would cover another text
        event=entry.event.value,
        actor_id=entry.actor_id,
        actor_role=entry.actor_role,
        request_id=entry.request_id,
        subject_id=entry.subject_id,
        before=_plain(entry.before),
        after=_plain(entry.after),
        rows=[list(one) for one in entry.rows],
        previous_hash=head.hash,
    )
    row.hash = link_hash(row)
    return row


def _plain(value: Any) -> Any:
    """Convert dates, amounts and the like to the stored texts, so that the hash covers what is read back."""
    return None if value is None else json.loads(canonical_json(value))


def _lock(session: Session, chain: str) -> AuditHead:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(AuditHead).values(chain=chain, sequence=0, hash=GENESIS)
    session.execute(first.on_conflict_do_nothing())
    query = select(AuditHead).where(AuditHead.chain == chain).with_for_update()
    return session.execute(query, execution_options={"populate_existing": True}).scalar_one()
