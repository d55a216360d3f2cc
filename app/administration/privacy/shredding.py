"""Crypto-shredding: destroying a data key makes everything encrypted with it unreadable: rows, files and backups.

Decisions, hashes and the audit trail are not under the key and stay. Replays answer `facts_erased` afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select, update
from sqlalchemy.engine import Engine

from app.administration.privacy.retention import ORGANIZATION, TENDER, retention_of
from app.core.procedure.deadlines import day_in_china
from app.core.procedure.retention import Retention
from app.platform.audit.events import Event
from app.platform.database.base import metadata
from app.platform.database.data_keys import DERIVED, INSTANCE, DataKeyRow
from app.platform.database.sealed import data_keys_of
from app.platform.problems import Conflict, NotFound
from app.platform.unit_of_work import Platform, UnitOfWork


class RetentionRuns(Conflict):
    """The data must be kept by law; erasure is possible after the retention period (PIPL art 47)."""

    code, title = "retention_runs", "The retention period has not ended"
    article = "政府采购法 art 42; PIPL art 47"


@dataclass(frozen=True, slots=True)
class Shredded:
    """The result: the subject, and the ids of the destroyed keys."""

    subject: str
    keys: Sequence[str]
    retention: Retention


def shred(platform: Platform, subject: str, reason: str) -> Shredded:
    """Irreversibly erase the data of an organization, a tender, a batch or a single screening (by id).

    NotFound if it has no key, RetentionRuns while the data must be kept.
    """
    with platform.work() as work:
        done = _destroy(work, subject, reason)
    data_keys_of(platform.engine.dialect).forget(done.keys)
    _wipe(platform.engine)
    return done


def due(work: UnitOfWork) -> Iterator[tuple[str, Retention]]:
    """Yield ids of organizations and tenders whose retention has ended. Data outside a tender is never due automatically."""
    scopes = work.session.scalars(select(DataKeyRow.scope).where(DataKeyRow.wrapped.is_not(None)))
    subjects = {part for scope in scopes for part in scope.split("/") if part.startswith(ORGANIZATION + TENDER)}
    for subject in sorted(subjects):
        kept = retention_of(work, subject)
        if kept.until is not None and kept.ended(day_in_china(work.now)):
            yield subject, kept


def _destroy(work: UnitOfWork, subject: str, reason: str) -> Shredded:
    if subject in (INSTANCE, DERIVED):
        raise NotFound
    kept = retention_of(work, subject)
    if not kept.ended(day_in_china(work.now)):
        raise RetentionRuns(_why(kept))
    keys = work.session.scalars(_standing_of(subject)).all()
    if not keys:
        raise NotFound("it has no data key")
    for key in keys:
        key.wrapped, key.destroyed_at = None, work.now
        key.destroyed_by, key.reason = work.principal.id, reason
    if subject.startswith(ORGANIZATION):
        _forget_hashes(work, subject)
    after = {"keys": [key.id for key in keys], "reason": reason, "keptUntil": kept.until and kept.until.isoformat()}
    tender = subject if subject.startswith(TENDER) else None
    work.record(Event.ADMIN_FACTS_SHRED, subject=subject, tender=tender, after=after)
    return Shredded(subject, [key.id for key in keys], kept)


def _standing_of(subject: str) -> Select[DataKeyRow]:
    named = or_(
        DataKeyRow.scope == subject,
        DataKeyRow.scope.startswith(f"{subject}/", autoescape=True),
        DataKeyRow.scope.endswith(f"/{subject}", autoescape=True),
    )
    return select(DataKeyRow).where(DataKeyRow.wrapped.is_not(None), named).order_by(DataKeyRow.id).with_for_update()


def _forget_hashes(work: UnitOfWork, organization_id: str) -> None:
    """Delete the keyed hashes of ID numbers too, since the holder of the instance secret could guess the numbers."""
    line, roster = metadata.tables["roster_line"], metadata.tables["roster_version"]
    own = select(roster.c.id).where(roster.c.organization_id == organization_id)
    work.session.execute(update(line).where(line.c.roster_id.in_(own)).values(resident_id_hash=None))


def _why(kept: Retention) -> str:
    if kept.running:
        return f"still used by running tenders: {', '.join(kept.running)}"
    return f"to be kept until {kept.until} (政府采购法 第四十二条)"


def _wipe(engine: Engine) -> None:
    """Remove old pages with the wrapped key from the database files."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(bidscreen_begin="") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (FULL) data_key")
