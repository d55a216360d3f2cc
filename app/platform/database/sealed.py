"""Columns under a data key, decrypted on access, so that a row can still be shown after its facts were erased."""

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import Dialect, LargeBinary, inspect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from app.core.values.canonical import canonical_json
from app.platform.database.data_keys import ID_BYTES, DataKey, DataKeys, FactsErased
from app.platform.database.sensitive import Sensitive

Value = TypeVar("Value")
_SCOPES = "bidscreen_scopes"


class Unsealed:
    """A value waiting to be encrypted at the next flush."""

    __slots__ = ("plain", "value")

    def __init__(self, value: Any, plain: bytes) -> None:
        self.value, self.plain = value, plain


class Ciphertext:
    """A stored value, decrypted once on first access."""

    __slots__ = ("_context", "_keys", "_plain", "stored", "value")

    def __init__(self, stored: bytes, context: str, keys: DataKeys) -> None:
        self.stored, self._context, self._keys = stored, context, keys
        self._plain: bytes | None = None
        self.value: Any = None

    def open(self) -> bytes:
        """Return the plaintext; FactsErased if the key was destroyed."""
        if self._plain is None:
            key = self._keys.opened(self.stored[:ID_BYTES])
            self._plain = key.decrypt(self.stored, self._context)
        return self._plain

    @property
    def erased(self) -> bool:
        """Whether its key was destroyed."""
        try:
            self._keys.opened(self.stored[:ID_BYTES])
        except FactsErased:
            return True
        return False


class Sealed(TypeDecorator[Ciphertext]):
    """The type of such a column, bound to it by name."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Ciphertext | None, dialect: Dialect) -> bytes | None:
        """Return the bytes; an unencrypted value is refused."""
        if value is None:
            return None
        if not isinstance(value, Ciphertext):
            raise TypeError(f"{self.context} must be written through its sealed attribute")
        return value.stored

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Ciphertext | None:
        """Return the bytes with the keys to decrypt them."""
        return None if value is None else Ciphertext(bytes(value), self.context, data_keys_of(dialect))


class _Attribute(Generic[Value]):
    """An attribute stored encrypted in `column`: assign and read the plain value."""

    def __init__(self, column: str) -> None:
        self._column = column

    @overload
    def __get__(self, row: None, owner: type) -> "_Attribute[Value]": ...
    @overload
    def __get__(self, row: object, owner: type) -> Value: ...
    def __get__(self, row: object | None, owner: type) -> "Value | _Attribute[Value]":
        if row is None:
            return self
        held = getattr(row, self._column)
        if isinstance(held, Ciphertext) and held.value is None:
            held.value = self._read(held.open())
        return None if held is None else held.value  # type: ignore[return-value]

    def __set__(self, row: object, value: Value) -> None:
        setattr(row, self._column, None if value is None else Unsealed(value, self._written(value)))

    def _written(self, value: Value) -> bytes:
        raise NotImplementedError

    def _read(self, plain: bytes) -> Value:
        raise NotImplementedError


class SealedJson(_Attribute[Any]):
    """A JSON value, stored canonically; don't change it in place."""

    def _written(self, value: Any) -> bytes:
        return canonical_json(value)

    def _read(self, plain: bytes) -> Any:
        return json.loads(plain)


class SealedText(_Attribute[Sensitive]):
    """A text that is masked when printed."""

    def _written(self, value: Sensitive) -> bytes:
        return value.reveal().encode()

    def _read(self, plain: bytes) -> Sensitive:
        return Sensitive(plain.decode())


class Owned:
    """A row with sealed attributes; its key scope names the owner whose key encrypts them."""

    def key_scope(self, session: Session) -> str:
        """See data_keys.scope_of."""
        raise NotImplementedError


def is_erased(held: Any) -> bool:
    """Whether the value of a sealed column was erased."""
    return isinstance(held, Ciphertext) and held.erased


def data_keys_of(dialect: Dialect) -> DataKeys:
    """Return the data keys that the engine was made with (database/engine.py puts them on its dialect)."""
    keys = getattr(dialect, "data_keys", None)
    if not isinstance(keys, DataKeys):
        raise TypeError("this engine was made without keys: use app.platform.database.engine.make_engine")
    return keys


def sealer(session: Session, scope: str) -> Callable[[Any, str], Ciphertext]:
    """Return a function for bulk inserts that encrypts JSON values and texts: `seal(value, context)`."""
    key, keys = key_of(session, scope), data_keys_of(session.get_bind().dialect)

    def seal(value: Any, context: str) -> Ciphertext:
        plain = value.reveal().encode() if isinstance(value, Sensitive) else canonical_json(value)
        return Ciphertext(key.encrypt(plain, context), context, keys)

    return seal


def key_of(session: Session, scope: str) -> DataKey:
    """Return the data key of a scope, created in this transaction if missing."""
    scopes: dict[str, DataKey] = session.info.setdefault(_SCOPES, {})
    if scope not in scopes:
        scopes[scope] = data_keys_of(session.get_bind().dialect).standing(session.connection(), scope)
    return scopes[scope]


def seal(session: Session, row: Owned) -> None:
    """Encrypt what was assigned since the last flush."""
    waiting = {name: held for name, held in vars(row).items() if isinstance(held, Unsealed)}
    if not waiting:
        return
    key, keys = key_of(session, row.key_scope(session)), data_keys_of(session.get_bind().dialect)
    columns = inspect(type(row)).columns
    for name, held in waiting.items():
        context: str = columns[name].type.context
        sealed = Ciphertext(key.encrypt(held.plain, context), context, keys)
        sealed.value = held.value
        setattr(row, name, sealed)


def forget_keys(session: Session) -> None:
    """Forget keys created in a transaction that was rolled back."""
    session.info.pop(_SCOPES, None)
