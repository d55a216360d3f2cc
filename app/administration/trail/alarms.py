"""Alarms of the trail: what stops its proof from growing, or suggests that somebody stopped it.

`/health` shows their codes, `bidscreen audit alarms` and `GET /audit/sinks` explain them, and each checkpoint states
them to the sink, so that the supervisor learns of them, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.platform.audit.tables import AuditCheckpoint, AuditDelivery, AuditEvent, AuditHead, AuditTold
from app.platform.audit.visibility import shown
from app.platform.unit_of_work import Platform

LATE = timedelta(minutes=5)  # beyond the configured interval
HOURLY = timedelta(hours=1)


class AlarmCode(StrEnum):
    """Kinds of alarms."""

    CHECKPOINTS_LATE = "checkpoints_late"
    CHAIN_SHORTENED = "chain_shortened"
    SINK_FAILING = "sink_failing"
    SINK_REMOVED = "sink_removed"
    CLOCK_JUMPED = "clock_jumped"


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm and its detail, in English for the operator."""

    code: AlarmCode
    detail: str


def alarms(session: Session, platform: Platform, now: datetime) -> list[Alarm]:
    """Return all alarms; an empty list says that the proof of the trail grows as configured."""
    return [*_clock(platform), *_checkpoints(session, platform, now), *_chains(session), *_sinks(session, platform)]


def _clock(platform: Platform) -> Iterator[Alarm]:
    drift = platform.watch.drift if platform.watch else None
    if drift is not None:
        seconds = round(drift.total_seconds(), 3)
        yield Alarm(AlarmCode.CLOCK_JUMPED, f"the wall clock differs by {seconds} s from the time that has passed")


def _checkpoints(session: Session, platform: Platform, now: datetime) -> Iterator[Alarm]:
    """Chains grow and no checkpoint follows; where the service makes none itself, a timer is expected to each hour."""
    interval = timedelta(seconds=platform.settings.audit_checkpoint_seconds) or HOURLY
    newest = session.scalar(select(func.max(AuditCheckpoint.made_at))) or session.scalar(_first_event())
    changed = or_(AuditTold.chain.is_(None), AuditTold.sequence < AuditHead.sequence)
    waiting = (
        select(func.count())
        .select_from(AuditHead)
        .outerjoin(AuditTold, AuditTold.chain == AuditHead.chain)
        .where(shown(AuditHead.chain), changed)
    )
    late = newest is not None and now - newest > interval + LATE
    if newest is not None and late and session.scalar(waiting):
        yield Alarm(AlarmCode.CHECKPOINTS_LATE, f"chains grow, but no checkpoint was made since {newest.isoformat()}")


def _first_event() -> Select[datetime]:
    first = and_(AuditEvent.chain == AuditHead.chain, AuditEvent.sequence == 1)
    return select(func.min(AuditEvent.occurred_at)).select_from(AuditHead).join(AuditEvent, first)


def _chains(session: Session) -> Iterator[Alarm]:
    """Find chains that are shorter than a checkpoint stated: they were cut or replaced."""
    query = (
        select(AuditTold.chain)
        .outerjoin(AuditHead, AuditTold.chain == AuditHead.chain)
        .where(or_(AuditHead.chain.is_(None), AuditHead.sequence < AuditTold.sequence))
    )
    for chain in session.scalars(query.order_by(AuditTold.chain)):
        yield Alarm(AlarmCode.CHAIN_SHORTENED, f"{chain} has fewer events than a checkpoint states")


def _sinks(session: Session, platform: Platform) -> Iterator[Alarm]:
    configured = {sink.name for sink in platform.sinks}
    for row in session.scalars(select(AuditDelivery).order_by(AuditDelivery.sink)):
        if row.sink not in configured:
            yield Alarm(AlarmCode.SINK_REMOVED, f"{row.sink} received checkpoints and is not configured any more")
        elif row.failing_since is not None:
            yield Alarm(AlarmCode.SINK_FAILING, f"{row.sink}: {row.failure}")
