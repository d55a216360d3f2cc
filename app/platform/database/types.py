"""Column types: money in whole fen, instants in UTC, canonical JSON, encrypted text."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator

from app.core.values.canonical import canonical_json
from app.platform.database.keys import Keyring
from app.platform.database.sensitive import Sensitive, normalise

FEN = Decimal("0.01")


class Digest(str):
    """A keyed hash read from a column; comparing it does not hash it again."""

    __slots__ = ()


def keyring_of(dialect: Dialect) -> Keyring:
    """Return the keys that the engine was made with (database/engine.py puts them on its dialect)."""
    keyring = getattr(dialect, "keyring", None)
    if not isinstance(keyring, Keyring):
        raise TypeError("this engine was made without keys: use app.platform.database.engine.make_engine")
    return keyring


class Money(TypeDecorator[Decimal]):
    """Yuan as Decimal with two places, stored as whole fen: exact on every database, and sums in SQL stay exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Refuse more than two places: rounding is a decision of the core."""
        if value is None:
            return None
        fen = value.scaleb(2)
        if fen != fen.to_integral_value():
            raise ValueError("money has at most two places")
        return int(fen)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Return a Decimal with two places."""
        return None if value is None else (Decimal(value) * FEN).quantize(FEN)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; SQLite stores no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is not an instant")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CanonicalJson(TypeDecorator[Any]):
    """A JSON value as canonical text, so that stored and hashed bytes are equal. Decimals are read back as strings."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Encode as canonical text."""
        return None if value is None else canonical_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the value read back."""
        return None if value is None else json.loads(value)


class EncryptedText(TypeDecorator[Sensitive]):
    """Text under AES-256-GCM, bound to its column by name; read back as Sensitive."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Sensitive | str | None, dialect: Dialect) -> bytes | None:
        """Encrypt; the ciphertext begins with key id and nonce."""
        if value is None:
            return None
        plain = value.reveal() if isinstance(value, Sensitive) else value
        return keyring_of(dialect).encrypt(plain.encode(), self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sensitive | None:
        """Return the text, masked wherever it is printed."""
        return None if value is None else Sensitive(keyring_of(dialect).decrypt(value, self.context).decode())


class EncryptedJson(TypeDecorator[Any]):
    """Canonical JSON under AES-256-GCM: for facts that hold ID numbers."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt the canonical text."""
        return None if value is None else keyring_of(dialect).encrypt(canonical_json(value), self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Return the value read back."""
        return None if value is None else json.loads(keyring_of(dialect).decrypt(value, self.context))


class KeyedHash(TypeDecorator[str]):
    """Lookup column of an encrypted one: assign or compare the plain value; the database stores its keyed hash."""

    impl = String(96)
    cache_ok = True

    def __init__(self, purpose: str, of: str = "") -> None:
        super().__init__()
        self.purpose, self.of = purpose, of  # `of`: the attribute from which a rotation recomputes the hash

    def process_bind_param(self, value: Sensitive | str | None, dialect: Dialect) -> str | None:
        """Return the HMAC of the normalised value; a Digest is passed through."""
        if value is None or isinstance(value, Digest):
            return value
        plain = value.reveal() if isinstance(value, Sensitive) else value
        return keyring_of(dialect).match(normalise(plain), self.purpose)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Digest | None:
        """Return the hash, marked as one."""
        return None if value is None else Digest(value)
