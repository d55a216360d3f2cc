"""Export of the trail as lines; the same stored events give the same bytes on every database."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.audit.chain import body_of
from app.platform.audit.offline.hashing import canonical, event_line, head_of, row_line
from app.platform.audit.rows import bound_tables, rows_of
from app.platform.audit.signing import Signer
from app.platform.audit.tables import AuditCheckpoint, AuditEvent
from app.platform.audit.visibility import sealed_chains, shown

BATCH = 1000


def export(session: Session, signer: Signer) -> Iterator[bytes]:
    """Yield header, checkpoints, commitment openings, events chain by chain, bound rows, and trailer, without line ends.

    ID numbers were masked when the events were recorded, and rows contain none. Chains of openings that are still
    sealed are left out, and the rows that they bind.
    The session reads one snapshot of the database.
    """
    chains = sorted(session.scalars(select(AuditEvent.chain).where(shown()).distinct()))
    visible = set(chains)
    yield canonical({"export": head_of(signer.public)})
    count = 0
    for line in session.scalars(select(AuditCheckpoint.line).order_by(AuditCheckpoint.number)):
        count += 1
        yield line.encode()
    yield from _openings(session, visible)
    events = 0
    for chain in chains:
        query = select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.sequence)
        for row in session.scalars(query.execution_options(yield_per=BATCH)):
            events += 1
            yield event_line(body_of(row), row.hash)
            session.expunge(row)
    rows = 0
    hidden = set(sealed_chains(session))
    for table in bound_tables():
        for one in rows_of(session, table):
            if one.chain not in hidden:
                rows += 1
                yield row_line(one.body())
    yield canonical({"end": {"chains": len(chains), "checkpoints": count, "events": events, "rows": rows}})


def _openings(session: Session, visible: set[str]) -> Iterator[bytes]:
    query = select(AuditCheckpoint.number, AuditCheckpoint.sealed).order_by(AuditCheckpoint.number)
    for number, sealed in session.execute(query.execution_options(yield_per=BATCH)):
        for chain, sequence, recorded, nonce in sealed:
            if chain in visible:
                opened = {"number": number, "chain": chain, "sequence": sequence, "hash": recorded, "nonce": nonce}
                yield canonical({"opened": opened})
