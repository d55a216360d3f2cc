"""Checkpoints: signed heads of all chains, each linked to the previous one. Kept outside, they prove the chains."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.platform.audit.offline.hashing import GENESIS, commitment, heads_root, line_hash
from app.platform.audit.signing import Signer
from app.platform.audit.tables import AuditCheckpoint, AuditHead, AuditPublication, AuditTold
from app.platform.audit.visibility import sealed_chains, shown

MOST_HEADS = 100  # per checkpoint, so that it fits a syslog message; the rest goes into the next one
SEALED_PACE = timedelta(hours=1)  # the interval while bids are sealed, whether or not anything happened
log = structlog.get_logger("bidscreen.audit")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often checkpoints are made: after `events` events or `age` since the previous one."""

    events: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """A link of a chain: number and hash."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class News:
    """Content of a checkpoint: changed heads, and for each sealed chain its head with the nonce of its commitment."""

    heads: Mapping[str, Place]
    sealed: Mapping[str, tuple[Place, str]]
    published: tuple[tuple[str, str, str], ...] = ()  # subject, kind and hash of what became public


def body_of(number: int, before: bytes | None, news: News, told: Mapping[str, Place], when: datetime) -> dict[str, Any]:
    """Return a checkpoint before signing; `told` holds all heads stated so far, including these."""
    return {
        "number": number,
        "previous": GENESIS if before is None else line_hash(before),
        "madeAt": when.isoformat(timespec="microseconds"),
        "heads": [[chain, place.sequence, place.hash] for chain, place in sorted(news.heads.items())],
        "sealed": [
            [chain, commitment(nonce, chain, place.sequence, place.hash)]
            for chain, (place, nonce) in sorted(news.sealed.items())
        ],
        "published": [list(one) for one in news.published],
        "chains": len(told),
        "events": sum(place.sequence for place in told.values()),
        "root": heads_root({chain: (place.sequence, place.hash) for chain, place in told.items()}),
    }


def due(session: Session, pace: Pace, now: datetime) -> bool:
    """Whether a checkpoint is due. Events of sealed chains are ignored, since the pace would reveal their number."""
    if session.scalar(select(AuditPublication.id).where(AuditPublication.number.is_(None)).limit(1)):
        return True  # a published hash is worth little until it is outside
    newest = session.scalar(select(func.max(AuditCheckpoint.made_at)))
    told = session.scalar(select(func.coalesce(func.sum(AuditTold.sequence), 0))) or 0
    links = select(func.coalesce(func.sum(AuditHead.sequence), 0)).where(shown(AuditHead.chain))
    waiting = (session.scalar(links) or 0) - told
    if waiting and (newest is None or abs(waiting) >= pace.events or now - newest >= pace.every):
        return True
    return newest is not None and now - newest >= max(SEALED_PACE, pace.every) and bool(sealed_chains(session))


def make(session: Session, signer: Signer, now: datetime, alarms: Sequence[str] = ()) -> AuditCheckpoint | None:
    """Add the next checkpoint to the session; None if no head has changed.

    `alarms`: codes of what endangers the proof, for whoever reads the sink. If two processes make the same number at
    once, the primary key admits one of them.
    """
    sealed = _sealed(session)
    changed = session.execute(_changed()).all()
    newest = session.scalar(select(AuditCheckpoint).order_by(AuditCheckpoint.number.desc()).limit(1))
    published = _published(session)
    if not changed and not published and not (sealed and (newest is None or now - newest.made_at >= SEALED_PACE)):
        return None
    _alarm(changed)
    news = News(
        {row.chain: Place(row.sequence, row.hash) for row in changed},
        sealed,
        tuple((one.subject, one.kind, one.sha256) for one in published),
    )
    for chain, place in news.heads.items():
        session.merge(AuditTold(chain=chain, sequence=place.sequence, hash=place.hash))
    session.flush()
    told = {row.chain: Place(row.sequence, row.hash) for row in session.execute(select(AuditTold.__table__))}
    number = 1 if newest is None else newest.number + 1
    for one in published:
        one.number = number
    body = body_of(number, newest.line.encode() if newest else None, news, told, now)
    line = signer.line({**body, "alarms": list(alarms), "keyId": signer.key_id})
    opening = [[chain, place.sequence, place.hash, nonce] for chain, (place, nonce) in sorted(sealed.items())]
    row = AuditCheckpoint(number=number, made_at=now, line=line.decode(), sealed=opening)
    session.add(row)
    session.flush()
    return row


def _changed() -> Select[str, int, str, int]:
    other: ColumnElement[bool] = or_(
        AuditTold.chain.is_(None), AuditTold.sequence != AuditHead.sequence, AuditTold.hash != AuditHead.hash
    )
    return (
        select(AuditHead.chain, AuditHead.sequence, AuditHead.hash, AuditTold.sequence.label("before"))
        .outerjoin(AuditTold, AuditTold.chain == AuditHead.chain)
        .where(shown(AuditHead.chain), other)
        .order_by(AuditHead.chain)
        .limit(MOST_HEADS)
    )


def _published(session: Session) -> Sequence[AuditPublication]:
    query = select(AuditPublication).where(AuditPublication.number.is_(None)).order_by(AuditPublication.id)
    return session.scalars(query.limit(MOST_HEADS)).all()


def _sealed(session: Session) -> dict[str, tuple[Place, str]]:
    chains = sealed_chains(session)
    found = session.execute(select(AuditHead.__table__).where(AuditHead.chain.in_(chains)))
    heads = {row.chain: Place(row.sequence, row.hash) for row in found}
    return {chain: (heads.get(chain, Place(0, GENESIS)), secrets.token_hex(32)) for chain in chains}


def _alarm(changed: Iterable[Row[str, int, str, int]]) -> None:
    """Log an alarm for a chain that shrank, and report it as it is; the earlier checkpoints prove its former state."""
    for row in changed:
        if row.before is not None and row.sequence <= row.before:
            log.critical("an audit chain was shortened or replaced", chain=row.chain, told=row.before)
