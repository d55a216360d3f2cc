"""One text for one value: the same facts give the same bytes, so that a hash can stand for them years later."""

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum


class NotCanonical(TypeError):
    """A value that has no canonical text (NaN, an infinite number, an unknown type)."""


def canonical_json(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and no white space; Decimal as its own digits in a string, dates in ISO form."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def sha256_hex(value: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(value).hexdigest()


def _plain(value: object) -> object:
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case Decimal() if value.is_finite():
            return format(value, "f")
        case float() if math.isfinite(value):
            return value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {_key(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise NotCanonical(f"{type(value).__name__} has no canonical JSON")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonical("the keys of a canonical object are text")
    return key
