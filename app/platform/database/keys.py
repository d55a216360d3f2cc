"""The keys of the instance: one root secret, and what is derived from it for each purpose (HKDF, RFC 5869).

A rotation replaces the root, and with it the keys that encrypt data and hash guessable values. The keys that hash random secrets
(API keys) and name leads stay, stored in the database encrypted with the current root, since those hashes cannot be recomputed.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID_BYTES = 8
NONCE_BYTES = 12


class CannotDecrypt(ValueError):
    """Stored bytes that no key of this instance can decrypt."""


def derive(root: bytes, purpose: str) -> bytes:
    """Return a 256-bit key for one purpose; it reveals nothing about the root or other derived keys."""
    return HKDF(SHA256(), 32, salt=b"bidscreen/1", info=purpose.encode()).derive(root)


class Keyring:
    """Encrypts with the current key, decrypts with any known one, hashes for matching with the current one."""

    __slots__ = ("_ciphers", "_current", "_derived", "_kept", "_roots")

    def __init__(self, current: str, previous: Sequence[str] = ()) -> None:
        self._roots = {_key_id(root): root for root in _roots(current, previous)}
        self._current = _key_id(current.encode())
        self._derived: dict[str, bytes] = {}
        self._kept: Callable[[], bytes | None] = lambda: None
        self._ciphers = {key_id: AESGCM(derive(root, "encrypt")) for key_id, root in self._roots.items()}

    def __repr__(self) -> str:
        return f"Keyring({self._current.hex()})"

    @property
    def current(self) -> bytes:
        """The id of the current key, the prefix of everything encrypted with it."""
        return self._current

    @property
    def known(self) -> frozenset[bytes]:
        """The ids of all available keys."""
        return frozenset(self._roots)

    def encrypt(self, plain: bytes, context: str) -> bytes:
        """key id ‖ nonce ‖ AES-256-GCM ciphertext, bound to its context (table and column)."""
        nonce = os.urandom(NONCE_BYTES)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, plain, context.encode())

    def decrypt(self, stored: bytes, context: str) -> bytes:
        """Return the plaintext; CannotDecrypt if the key is unknown, or the bytes were modified or belong elsewhere."""
        key_id, nonce, body = stored[:KEY_ID_BYTES], stored[KEY_ID_BYTES:20], stored[20:]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotDecrypt(f"the secret with the id {key_id.hex()} is needed for {context}")
        try:
            return cipher.decrypt(nonce, body, context.encode())
        except InvalidTag as error:
            raise CannotDecrypt(f"{context} was not written by this instance") from error

    def match(self, value: str, purpose: str) -> str:
        """Key id and keyed hash of a guessable value, to find equal values without decryption; renewed by a rotation."""
        return _match(self._current, self._roots[self._current], value, purpose)

    def matches(self, value: str, purpose: str) -> list[str]:
        """Return the same under each known key, for lookups while a rotation is running."""
        return [_match(key_id, root, value, purpose) for key_id, root in self._roots.items()]

    def digest(self, value: str, purpose: str) -> str:
        """Keyed hash (HMAC-SHA-256, hexadecimal) of a random secret; unchanged by rotations."""
        return _hmac(self.key(f"hash/{purpose}"), value)

    def key(self, purpose: str) -> bytes:
        """Return a 256-bit key for one purpose, unchanged by rotations."""
        if purpose not in self._derived:
            self._derived[purpose] = derive(self._kept() or self.first_derived(), purpose)
        return self._derived[purpose]

    def first_derived(self) -> bytes:
        """Return the base of `key` in a new instance with this root."""
        return derive(self._roots[self._current], "derive")

    def keep(self, kept: Callable[[], bytes | None]) -> None:
        """Set where `key` finds its base; None: the instance has not been started yet."""
        self._kept = kept


def _match(key_id: bytes, root: bytes, value: str, purpose: str) -> str:
    return f"{key_id.hex()}.{_hmac(derive(root, f'match/{purpose}'), value)}"


def _hmac(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def read_or_create(path: Path) -> str:
    """Return the secret key from a file readable only by its owner; created once on first use, even if two processes start together."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _create_once(path)
    return path.read_text("ascii").strip()


def _create_once(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _roots(current: str, previous: Sequence[str]) -> list[bytes]:
    return [current.encode(), *(key.encode() for key in previous)]


def _key_id(root: bytes) -> bytes:
    return derive(root, "key-id")[:KEY_ID_BYTES]
