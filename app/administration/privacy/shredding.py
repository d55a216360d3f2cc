"""Crypto-shredding: the data key is destroyed, and with it everything it closed, in rows, files and their copies.

Decisions, hashes and the trail stay: they are not under the key. A replay answers `facts_erased` from then on.
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
    """The law asks to keep the data: a demand for erasure waits until the period has ended (PIPL art 47)."""

    code, title = "retention_runs", "The retention period has not ended"
    article = "政府采购法 art 42; PIPL art 47"


@dataclass(frozen=True, slots=True)
class Shredded:
    """What was erased: whose, and the ids of the keys that are no more."""

    subject: str
    keys: Sequence[str]
    retention: Retention


def shred(platform: Platform, subject: str, reason: str) -> Shredded:
    """Erase what is held of an organization, a tender, a batch or a single screening (its id), for good.

    NotFound where nothing of it is under a key, RetentionRuns while the law asks to keep it.
    """
    with platform.work() as work:
        done = _destroy(work, subject, reason)
    data_keys_of(platform.engine.dialect).forget(done.keys)
    _wipe(platform.engine)
    return done


def due(work: UnitOfWork) -> Iterator[tuple[str, Retention]]:
    """The organizations and tenders whose data are kept no longer, by their ids. What no tender holds is never due by itself."""
    scopes = work.session.scalars(select(DataKeyRow.scope).where(DataKeyRow.wrapped.is_not(None)))
    subjects = {part for scope in scopes for part in scope.split("/") if part.startswith((ORGANIZATION, TENDER))}
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
        raise NotFound("nothing of it is under a key that stands")
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
    """A keyed hash of an ID number can be guessed by whoever holds the instance's secret: it goes too."""
    line, roster = metadata.tables["roster_line"], metadata.tables["roster_version"]
    own = select(roster.c.id).where(roster.c.organization_id == organization_id)
    work.session.execute(update(line).where(line.c.roster_id.in_(own)).values(resident_id_hash=None))


def _why(kept: Retention) -> str:
    if kept.running:
        return f"tenders that still run hold it: {', '.join(kept.running)}"
    return f"it is kept until {kept.until} (政府采购法 第四十二条)"


def _wipe(engine: Engine) -> None:
    """No old page with the wrapped key stays behind in the database's own files."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(bidscreen_begin="") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (FULL) data_key")
