"""Rotation: re-encrypt everything under a previous secret with the current one. Resumable after a kill.

Data keys are rewrapped, values under the instance key are re-encrypted, keyed hashes are recomputed. The first bytes of
each value name its secret, so no state is needed between two runs.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, bindparam, func, select, type_coerce
from sqlalchemy.orm import Mapper, Session

from app.platform.audit.events import Event
from app.platform.database.base import Base, metadata
from app.platform.database.data_keys import DataKeyRow, FactsErased, context_of
from app.platform.database.keys import KEY_ID_BYTES, Keyring
from app.platform.database.types import EncryptedJson, EncryptedText, KeyedHash
from app.platform.unit_of_work import Platform, UnitOfWork

CHUNK = 500
Step = Callable[[Session, Keyring, int], int]
Told = Callable[[str, int], None]


def rotate(platform: Platform, told: Told = lambda _name, _count: None, chunk: int = CHUNK) -> Mapping[str, int]:
    """Rotate in transactions of `chunk` rows; returns the rows renewed by kind. CannotDecrypt if no known secret fits."""
    renewed: Counter[str] = Counter()
    for name, step in _steps():
        while count := _one_chunk(platform, step, chunk):
            renewed[name] += count
            told(name, count)
    with platform.work() as work:
        work.record(Event.ADMIN_KEYS_ROTATE, subject="keys", after=dict(renewed))
    return renewed


def outdated(work: UnitOfWork) -> Mapping[str, int]:
    """Return the number of rows by kind still under a previous secret."""
    found = {}
    for name, column in _closed():
        found[name] = work.session.scalar(select(func.count()).where(_old(column, work.platform.keyring))) or 0
    for mapper, hashed in _hashed():
        query = select(func.count()).select_from(mapper).where(_old_hash(hashed, work.platform.keyring))
        found[f"{hashed.table.name}.{hashed.name}"] = work.session.scalar(query) or 0
    return {name: count for name, count in found.items() if count}


def _steps() -> Iterator[tuple[str, Step]]:
    for name, column in _closed():
        yield name, _renewing(column)
    for mapper, hashed in _hashed():
        yield f"{hashed.table.name}.{hashed.name}", _hashing(mapper, hashed)


def _one_chunk(platform: Platform, step: Step, chunk: int) -> int:
    with platform.work() as work:
        return step(work.session, platform.keyring, chunk)


def _closed() -> Iterator[tuple[str, Column[Any]]]:
    """Yield every column under the instance key, the wrapped data keys first."""
    wrapped = metadata.tables[DataKeyRow.__tablename__].c.wrapped
    yield "data_key.wrapped", wrapped
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, EncryptedText | EncryptedJson):
                yield f"{table.name}.{column.name}", column


def _hashed() -> Iterator[tuple[Mapper[Any], Column[Any]]]:
    for mapper in Base.registry.mappers:
        for column in mapper.columns:
            if isinstance(column, Column) and isinstance(column.type, KeyedHash):
                yield mapper, column


def _old(column: Column[Any], keyring: Keyring) -> Any:
    head = func.substr(type_coerce(column, LargeBinary), 1, KEY_ID_BYTES, type_=LargeBinary)
    return column.is_not(None) & (head != keyring.current)


def _old_hash(column: Column[Any], keyring: Keyring) -> Any:
    return column.is_not(None) & (func.substr(column, 1, 2 * KEY_ID_BYTES) != keyring.current.hex())


def _renewing(column: Column[Any]) -> Step:
    table: Table = column.table
    keys, raw = list(table.primary_key.columns), type_coerce(column, LargeBinary).label("stored")
    update = (
        table.update()
        .where(*(key == bindparam(f"key_{key.name}", type_=key.type) for key in keys))
        .where(type_coerce(column, LargeBinary) == bindparam("before", type_=LargeBinary))
        .values({column.name: bindparam("after", type_=LargeBinary)})
    )

    def renew(session: Session, keyring: Keyring, chunk: int) -> int:
        rows = session.execute(select(*keys, raw, *_more(column)).where(_old(column, keyring)).limit(chunk)).all()
        for row in rows:
            context = _context(column, row)
            after = keyring.encrypt(keyring.decrypt(bytes(row.stored), context), context)
            named = {f"key_{key.name}": getattr(row, key.name) for key in keys}
            session.connection().execute(update, {**named, "before": row.stored, "after": after})
        return len(rows)

    return renew


def _more(column: Column[Any]) -> list[Column[Any]]:
    return [column.table.c.scope] if column.table.name == DataKeyRow.__tablename__ else []


def _context(column: Column[Any], row: Any) -> str:
    if isinstance(column.type, EncryptedText | EncryptedJson):
        return column.type.context
    return context_of(row.id, row.scope)


def _hashing(mapper: Mapper[Any], column: Column[Any]) -> Step:
    attribute = mapper.get_property_by_column(column).key
    source = column.type.of  # type: ignore[attr-defined]

    def renew(session: Session, keyring: Keyring, chunk: int) -> int:
        rows = session.scalars(select(mapper).where(_old_hash(column, keyring)).limit(chunk)).all()
        for row in rows:
            try:
                setattr(row, attribute, getattr(row, source))
            except FactsErased:
                setattr(row, attribute, None)
        return len(rows)

    return renew
