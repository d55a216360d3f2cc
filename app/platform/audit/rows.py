"""Rows that the trail binds, by the declaration of their table (app/platform/database/bound.py).

An event carries `rows`: [table, id, SHA-256 of the content] for each row that its transaction inserted, changed or
deleted (hash null). A row is hashed as the database returns it, so that writing and checking follow one rule.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, event, func, inspect, null, or_, select
from sqlalchemy.orm import Session

from app.core.values.canonical import canonical_json, sha256_hex
from app.platform.audit.offline.hashing import row_hash
from app.platform.database.base import Base, metadata
from app.platform.database.bound import Bound, Unbound
from app.platform.database.sealed import Ciphertext

INSTANCE = "instance"
AT_ONCE = 400  # ids per statement
_BATCH = 500
_WRITTEN, _DELETED = "bidscreen_rows_written", "bidscreen_rows_deleted"
_CHAIN = "bidscreen_chain"
_MARKED = re.compile(r"[0-9a-f]{40,64}|[a-z]{3}_[0-9a-z]+")  # hashes and ids contain no resident ID
_GAP = r"[\s\-.·_\u200b-\u200f\u2060\ufeff]{0,3}"  # in spaced and hyphened spellings; no colon: instants stay
_NUMBER = re.compile(rf"\d(?:{_GAP}\d){{13,}}{_GAP}[\dXxＸｘ]")
VEIL = "‹number›"


@dataclass(frozen=True, slots=True)
class BoundRow:
    """One row as bound: its table, id (primary key values, joined by `/`), chain and content."""

    table: str
    id: str
    chain: str
    content: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """Return the object as hashed and exported."""
        return {"table": self.table, "id": self.id, "chain": self.chain, "content": self.content}

    @property
    def sha256(self) -> str:
        """Return the hash that events state."""
        return row_hash(self.body())


Key = tuple[str, str]  # table and id


def declarations() -> dict[str, Bound | Unbound]:
    """Return the declaration of every table. KeyError for a table without one."""
    found: dict[str, Bound | Unbound] = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        assert isinstance(table, Table)
        declared = vars(mapper.class_).get("TRAIL")
        if declared is None:
            raise KeyError(f"{table.name} does not declare whether the trail binds its rows (TRAIL)")
        found[table.name] = declared
    return found


def bound_tables() -> dict[str, Bound]:
    """Return the tables whose rows are bound, by name in ascending order."""
    found = declarations()
    return {name: one for name, one in sorted(found.items()) if isinstance(one, Bound)}


def identity(table: Table) -> list[Column[Any]]:
    """Return the primary key columns, in order."""
    return list(table.primary_key.columns)


def rows_of(session: Session, name: str, ids: Sequence[str] | None = None) -> Iterator[BoundRow]:
    """Yield the rows of a bound table as stored, ordered by id; all, or those of `ids`."""
    table = metadata.tables[name]
    keys = identity(table)
    query = _query(name)
    chosen = query if ids is None else query.where(_among(keys, ids))
    for row in session.connection().execute(chosen, execution_options={"yield_per": _BATCH}).mappings():
        content = {column: _value(row[column]) for column in row if column != _CHAIN}
        yield BoundRow(name, "/".join(str(row[key.name]) for key in keys), row[_CHAIN] or INSTANCE, content)


def _among(keys: Sequence[Column[Any]], ids: Sequence[str]) -> ColumnElement[bool]:
    if len(keys) == 1:
        return keys[0].in_(ids)
    return or_(*(and_(*(key == part for key, part in zip(keys, one.split("/"), strict=True))) for one in ids))


def _declared(name: str) -> Bound:
    declared = bound_tables()[name]
    unknown = declared.beside.keys() - metadata.tables[name].columns.keys()
    if unknown:
        raise KeyError(f"{name} has no columns {sorted(unknown)}")
    return declared


@cache
def _query(name: str) -> Select[Any]:
    table, declared = metadata.tables[name], _declared(name)
    keys = identity(table)
    columns = [column for column in table.columns if column.name not in declared.beside]
    if declared.chain is None:
        return select(*columns, null().label(_CHAIN)).order_by(*keys)
    chain, joined = _chain(table, declared.chain)
    if not declared.until_closed:
        return select(*columns, chain.label(_CHAIN)).select_from(joined).order_by(*keys)
    opening = metadata.tables["opening"]
    joined = joined.outerjoin(opening, opening.c.tender_id == chain)
    return select(*columns, func.coalesce(opening.c.id, chain).label(_CHAIN)).select_from(joined).order_by(*keys)


def _chain(table: Table, path: str) -> tuple[ColumnElement[str], Any]:
    """Return the column with the chain's name, over foreign keys (`milestone_id>contract_id>tender_id`), and the joined
    tables.
    """
    *steps, last = path.split(">")
    joined: Any = table
    here: Table = table
    for step in steps:
        (key,) = here.columns[step].foreign_keys
        there = key.column.table
        joined = joined.join(there, here.columns[step] == key.column)
        here = there
    return here.columns[last], joined


def _value(value: Any) -> Any:
    """Return the bound form: ciphertext and bytes by their hash, texts without long numbers, the rest as canonical
    JSON.
    """
    match value:
        case Ciphertext() | bytes():
            return {"sha256": sha256_hex(value.stored if isinstance(value, Ciphertext) else value)}
        case str():
            return veiled(value)
        case dict():
            return {veiled(str(key)): _value(item) for key, item in value.items()}
        case list():
            return [_value(item) for item in value]
        case Decimal() | date():
            return canonical_json(value).decode().strip('"')
    return value


def veiled(text: str) -> str:
    """Return the text without numbers of 15 digits and more, in any spelling: exports contain it, and its hash could be
    guessed.

    The rule is part of the format of stored hashes: do not change it.
    """
    return text if _MARKED.fullmatch(text) else _NUMBER.sub(VEIL, text)


@event.listens_for(Session, "before_flush")
def _note(session: Session, _context: object, _instances: object) -> None:
    """Remember which bound rows this flush writes. The chain of rows to be deleted is looked up while they exist."""
    written: list[Any] = session.info.setdefault(_WRITTEN, [])
    deleted: dict[Key, str] = session.info.setdefault(_DELETED, {})
    written += [
        row
        for row in (*session.new, *session.dirty)
        if _is_bound(row) and (row in session.new or (session.is_modified(row) and _bound_change(row)))
    ]
    for row in session.deleted:
        if _is_bound(row):
            key = key_of(row)
            deleted.update(dict.fromkeys([key], *(one.chain for one in rows_of(session, key[0], [key[1]]))))


def _bound_change(row: Any) -> bool:
    """Whether a column that the trail binds has changed."""
    state, beside = inspect(row), type(row).TRAIL.beside
    return any(
        state.attrs[one.key].history.has_changes()
        for one in state.mapper.column_attrs
        if one.columns[0].name not in beside
    )


def _is_bound(row: Any) -> bool:
    return isinstance(getattr(type(row), "TRAIL", None), Bound)


def _batched(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def key_of(row: Any) -> Key:
    """Return table and id of a mapped row whose key is set."""
    mapper = inspect(type(row))
    return mapper.local_table.name, "/".join(str(part) for part in mapper.primary_key_from_instance(row))


def take_changes(session: Session) -> dict[str, list[list[str | None]]]:
    """Return the rows written since the last call: by chain, [table, id, hash], hash null for a deleted row."""
    deleted: dict[Key, str] = session.info.pop(_DELETED, {})
    by_table: dict[str, set[str]] = {}
    for table, one in (*map(key_of, session.info.pop(_WRITTEN, ())), *deleted):
        by_table.setdefault(table, set()).add(one)
    found: dict[str, list[list[str | None]]] = {}
    for table, ids in sorted(by_table.items()):
        for some in _batched(sorted(ids)):
            for row in rows_of(session, table, some):
                found.setdefault(row.chain, []).append([row.table, row.id, row.sha256])
                deleted.pop((row.table, row.id), None)  # rewritten under the same key
    for (table, one), chain in sorted(deleted.items()):
        found.setdefault(chain, []).append([table, one, None])
    return found


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    """Forget what a rolled-back transaction wrote."""
    session.info.pop(_WRITTEN, None)
    session.info.pop(_DELETED, None)
