"""Data keys: each organization's data is encrypted under its own key, which is wrapped by the instance key.

Destroying the wrapped key makes all of it unreadable, including backups of rows and files (crypto-shredding).
"""

import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import CheckConstraint, Connection, Engine, Index, Insert, LargeBinary, String, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base
from app.platform.database.bound import Unbound
from app.platform.database.keys import NONCE_BYTES, CannotDecrypt, Keyring, derive
from app.platform.database.types import UtcDateTime
from app.platform.problems import Problem

KEY_BYTES, ID_BYTES = 32, 16
INSTANCE = "instance"  # data of no organization: credit lists, the tender's own documents
DERIVED = "derived"  # not a data key: the base of Keyring.key, kept across rotations
_MOST_REMEMBERED = 10_000
_STANDS = text("wrapped IS NOT NULL")


class FactsErased(Problem):
    """The data key was destroyed after the retention period; the data encrypted with it cannot be recovered."""

    code, title, status = "facts_erased", "Data erased after its retention period", 410


class DataKeyRow(Base):
    """A wrapped data key, NULL once destroyed. `scope`: an organization, `organization/tender`, a batch, …"""

    __tablename__ = "data_key"
    TRAIL = Unbound("keys; what they encrypt is bound by its ciphertext")
    __table_args__ = (
        Index("uq_data_key_standing", "scope", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed"),
    )

    id: Mapped[str] = mapped_column(String(2 * ID_BYTES), primary_key=True)
    scope: Mapped[str] = mapped_column(String(100), index=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    destroyed_by: Mapped[str | None] = mapped_column(ID)
    reason: Mapped[str | None] = mapped_column(String(2000))


def scope_of(*parts: str | None) -> str:
    """Return the scope shared by these ids (organization first, tender last); without ids, the instance scope."""
    return "/".join(part for part in parts if part) or INSTANCE


class DataKey:
    """An unwrapped data key: encrypts values and derives the keys of files and addresses."""

    __slots__ = ("_cipher", "_secret", "id")

    def __init__(self, key_id: bytes, secret: bytes) -> None:
        self.id, self._secret = key_id, secret
        self._cipher = AESGCM(derive(secret, "column"))

    def __repr__(self) -> str:
        return f"DataKey({self.id.hex()})"

    def encrypt(self, plain: bytes, context: str) -> bytes:
        """key id ‖ nonce ‖ AES-256-GCM ciphertext, bound to its context (table and column)."""
        nonce = os.urandom(NONCE_BYTES)
        return self.id + nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def decrypt(self, stored: bytes, context: str) -> bytes:
        """Return the plaintext; CannotDecrypt if it was modified or belongs to another column."""
        nonce, body = stored[ID_BYTES : ID_BYTES + NONCE_BYTES], stored[ID_BYTES + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, context.encode())
        except InvalidTag as error:
            raise CannotDecrypt(f"{context} was not written under this key") from error

    def derive(self, purpose: str) -> bytes:
        """Return a 256-bit key for one purpose."""
        return derive(self._secret, purpose)


class DataKeys:
    """Creates, unwraps and caches data keys. A key destroyed by another process leaves the cache after `seconds`."""

    def __init__(self, keyring: Keyring, engine: Engine, reads: Engine, seconds: float) -> None:
        self._keyring, self._engine, self._reads, self._seconds = keyring, engine, reads, seconds
        self._known: dict[bytes, tuple[DataKey | None, float]] = {}

    def opened(self, key_id: bytes) -> DataKey:
        """Return the key with that id; FactsErased if it was destroyed, CannotDecrypt if it never existed."""
        key, until = self._known.get(key_id, (None, 0.0))
        if until < time.monotonic():
            with self._reads.connect() as connection:
                row = connection.execute(_BY_ID.where(DataKeyRow.id == key_id.hex())).one_or_none()
            if row is not None:
                key = None if row.wrapped is None else self._unwrapped(key_id, row.scope, row.wrapped)
            elif key is None:
                raise CannotDecrypt("no such data key")
            self._remember(key_id, key)
        if key is None:
            raise FactsErased
        return key

    def standing(self, connection: Connection, scope: str) -> DataKey:
        """Return the scope's key within a transaction, created if missing; it cannot be destroyed before the transaction ends."""
        query = _STANDING.where(DataKeyRow.scope == scope).with_for_update(read=True)
        row = connection.execute(query).one_or_none()
        if row is None:
            connection.execute(_insert(connection, self._made(scope)))
            row = connection.execute(query).one()
        return self._of_row(scope, row.id, row.wrapped)

    def for_writing(self, scope: str) -> DataKey:
        """Return the same outside a transaction; call it before one begins, since SQLite allows one writer."""
        with self._reads.connect() as connection:
            row = connection.execute(_STANDING.where(DataKeyRow.scope == scope)).one_or_none()
        if row is not None:
            return self._of_row(scope, row.id, row.wrapped)
        with self._engine.begin() as connection:
            return self.standing(connection, scope)

    def for_reading(self, scope: str) -> DataKey | None:
        """Return the scope's key; None if nothing was ever stored under one; FactsErased if it was destroyed."""
        with self._reads.connect() as connection:
            rows = connection.execute(_BY_ID.where(DataKeyRow.scope == scope)).all()
        standing = [row for row in rows if row.wrapped is not None]
        if standing:
            return self._of_row(scope, standing[0].id, standing[0].wrapped)
        if rows:
            raise FactsErased
        return None

    def once_destroyed(self, scope: str) -> bool:
        """Whether a key of the scope was destroyed earlier."""
        query = select(DataKeyRow.id).where(DataKeyRow.scope == scope, DataKeyRow.wrapped.is_(None)).limit(1)
        with self._reads.connect() as connection:
            return connection.execute(query).one_or_none() is not None

    def forget(self, key_ids: Iterable[str]) -> None:
        """Drop destroyed keys from the cache."""
        for key_id in key_ids:
            self._known.pop(bytes.fromhex(key_id), None)

    def _made(self, scope: str) -> dict[str, object]:
        key_id = os.urandom(ID_BYTES)
        wrapped = self._keyring.encrypt(os.urandom(KEY_BYTES), _context(key_id, scope))
        return {"id": key_id.hex(), "scope": scope, "wrapped": wrapped, "created_at": datetime.now(UTC)}

    def _of_row(self, scope: str, key_id_hex: str, wrapped: bytes) -> DataKey:
        key_id = bytes.fromhex(key_id_hex)
        key, _ = self._known.get(key_id, (None, 0.0))
        if key is None:
            key = self._unwrapped(key_id, scope, wrapped)
        self._remember(key_id, key)
        return key

    def _unwrapped(self, key_id: bytes, scope: str, wrapped: bytes) -> DataKey:
        return DataKey(key_id, self._keyring.decrypt(bytes(wrapped), _context(key_id, scope)))

    def _remember(self, key_id: bytes, key: DataKey | None) -> None:
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[key_id] = (key, time.monotonic() + self._seconds)


def kept_root(keyring: Keyring, reads: Engine) -> bytes | None:
    """Return the base that Keyring.key derives from; None in a database that no service has used yet."""
    file = reads.url.database if reads.dialect.name == "sqlite" else None
    if file and not Path(file).exists():
        return None
    with reads.connect() as connection:
        if not inspect(connection).has_table(DataKeyRow.__tablename__):
            return None
        row = connection.execute(_STANDING.where(DataKeyRow.scope == DERIVED)).one_or_none()
    return None if row is None else keyring.decrypt(bytes(row.wrapped), context_of(row.id, DERIVED))


def keep_root(keyring: Keyring, engine: Engine, reads: Engine) -> None:
    """Store it, once, at the first start of an instance."""
    if kept_root(keyring, reads) is not None:
        return
    key_id = os.urandom(ID_BYTES)
    wrapped = keyring.encrypt(keyring.first_derived(), _context(key_id, DERIVED))
    values = {"id": key_id.hex(), "scope": DERIVED, "wrapped": wrapped, "created_at": datetime.now(UTC)}
    with engine.begin() as connection:
        connection.execute(_insert(connection, values))


def _insert(connection: Connection, values: dict[str, object]) -> Insert:
    """Return an insert that does nothing if the scope already has a key."""
    if connection.dialect.name == "postgresql":
        made = postgresql.insert(DataKeyRow).values(values)
        return made.on_conflict_do_nothing(index_elements=["scope"], index_where=_STANDS)
    return (
        sqlite.insert(DataKeyRow).values(values).on_conflict_do_nothing(index_elements=["scope"], index_where=_STANDS)
    )


def context_of(row_id: str, scope: str) -> str:
    """Associated data of a wrapped key: its own row."""
    return _context(bytes.fromhex(row_id), scope)


def _context(key_id: bytes, scope: str) -> str:
    return f"data_key/{key_id.hex()}/{scope}"


_BY_ID = select(DataKeyRow.id, DataKeyRow.scope, DataKeyRow.wrapped)
_STANDING = _BY_ID.where(DataKeyRow.wrapped.is_not(None))
