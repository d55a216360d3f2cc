"""Canonical JSON: the same facts give the same bytes, so that hashes stay comparable for years."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache


class NotCanonical(TypeError):
    """A value without canonical form (NaN, an infinite number, a lone surrogate, an unknown type)."""


def canonical_json(value: object) -> bytes:
    """Encode as UTF-8 JSON with sorted keys and no white space; decimals as strings, dates in ISO 8601."""
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotCanonical(
            "no canonical JSON for an infinite number, a lone surrogate or a circular reference"
        ) from error


def canonical_object(parts: Mapping[str, bytes]) -> bytes:
    """Encode an object whose values are canonical JSON already; keys are plain ASCII names."""
    return b"{" + b",".join([_named(key) + parts[key] for key in sorted(parts)]) + b"}"


@lru_cache(maxsize=256)
def _named(key: str) -> bytes:
    return b'"%b":' % key.encode("ascii")


def canonical_array(items: Iterable[bytes]) -> bytes:
    """Encode an array whose items are canonical JSON already."""
    return b"[" + b",".join(items) + b"]"


def sha256_hex(value: bytes) -> str:
    """Return SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(value).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, date):  # a datetime is a date, too
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise NotCanonical(f"{type(value).__name__} has no canonical JSON")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
