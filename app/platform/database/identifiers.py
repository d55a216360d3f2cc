"""Identifiers: a prefix for the kind, then 128 time-ordered bits (UUID version 7 in base 32)."""

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u
LENGTH = 26
PRACTICE_TENDER, PRACTICE_OPENING = "pra", "pop"
PATTERN = rf"^[a-z]{{2,4}}_[{_ALPHABET}]{{{LENGTH}}}$"


def new_id(prefix: str) -> str:
    """`ten_06bq…`: 48 bits of milliseconds, then 80 random bits, so that ids sort by age and can't be guessed."""
    number = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10))
    return f"{prefix}_" + "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_practice(identifier: str | None) -> bool:
    """Whether the id is that of a practice tender or its opening: a property of the id, so nothing can change it."""
    return identifier is not None and identifier.startswith((f"{PRACTICE_TENDER}_", f"{PRACTICE_OPENING}_"))
