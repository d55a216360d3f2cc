"""Passwords after NIST SP 800-63B: minimum length, a blocklist, no composition rules; hashed with argon2id."""

import functools
import os
import secrets
import threading
import unicodedata
from collections.abc import Sequence

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from app.platform.problems import Busy, Fault, Invalid

LEAST, MOST = 12, 128
GUESSES_LOG10 = 8.0  # passwords that need fewer guesses (common words, names, keyboard rows, dates) are refused
_READ_BY_ZXCVBN = 72
_WAIT_SECONDS = 10.0
hasher = PasswordHash((Argon2Hasher(),))
# each hash takes 64 MiB while it is computed: at most one per processor at a time
_at_once = threading.BoundedSemaphore(max(1, min(4, os.cpu_count() or 1)))


def generated() -> str:
    """Return an initial password with 120 random bits."""
    return secrets.token_urlsafe(15)


def hashed(password: str) -> str:
    """Return the argon2id hash, with salt and parameters."""
    with _Turn():
        return hasher.hash(_normal(password))


def verified(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Return whether the password is correct, and a new hash if the stored one has outdated parameters.

    Without a stored hash the same work is done in vain, so that the response time does not reveal which names exist.
    """
    with _Turn():
        right, renewed = hasher.verify_and_update(_normal(password), stored or _nobodys())
    return right and stored is not None, renewed


def require_good(password: str, about: Sequence[str], pointer: str) -> None:
    """Invalid unless the password is long enough and not easily guessed from `about` (user name, name) or a blocklist."""
    normal = _normal(password)
    if not LEAST <= len(normal) <= MOST:
        raise _refused("password_length", f"Use {LEAST} to {MOST} characters", pointer)
    guessed = zxcvbn(normal[:_READ_BY_ZXCVBN], [*about, "bidscreen"], max_length=_READ_BY_ZXCVBN)
    if float(guessed["guesses_log10"]) < GUESSES_LOG10:
        expected = "Too easy to guess; use a longer or less common password"
        raise _refused("password_common", expected, pointer)


def _refused(code: str, expected: str, pointer: str) -> Invalid:
    return Invalid(pointer=pointer, faults=[Fault(code, expected, pointer)])


def _normal(password: str) -> str:
    """Normalise the password (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@functools.cache
def _nobodys() -> str:
    return hasher.hash(secrets.token_urlsafe(32))


class _Turn:
    def __enter__(self) -> None:
        if not _at_once.acquire(timeout=_WAIT_SECONDS):
            raise Busy

    def __exit__(self, *_error: object) -> None:
        _at_once.release()
