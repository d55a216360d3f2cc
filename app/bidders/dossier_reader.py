"""Read a dossier from JSON into facts, or refuse it with code, message and pointer; errors never repeat input."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson
from pydantic import ValidationError

from app.bidders.dossier_format import DossierPart, dossier_facts, pointer_of
from app.core.facts.dossier import Dossier

_CODES = {"extra_forbidden": "unknown_key", "missing": "missing_key"}
_MESSAGES = {
    "extra_forbidden": "unknown key in a dossier",
    "missing": "this key is required",
    "model_type": "an object is expected",
    "string_unicode": "Unicode text without lone surrogates is expected",
}
LARGEST = 32 * 1024 * 1024


class DossierRefused(ValueError):
    """A dossier that is not valid."""

    def __init__(self, code: str, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.pointer = code, message, pointer

    def as_json(self) -> dict[str, str]:
        """Return the error object of a result line."""
        return {"code": self.code, "message": self.message, "pointer": self.pointer}


@dataclass(frozen=True, slots=True)
class ReadDossier:
    """A dossier as plain JSON values (the basis of the input hash) and as facts."""

    data: dict[str, Any]
    facts: Dossier


def read_dossier(text: bytes) -> ReadDossier:
    """Parse and validate. Errors: DossierRefused where the text is not JSON, too large, or not a dossier."""
    return check_dossier(parse_json(text))


def parse_json(text: bytes) -> Any:
    """Parse strict JSON in UTF-8 (a byte order mark is accepted): no NaN, bounded nesting."""
    if len(text) > LARGEST:
        raise DossierRefused("dossier_too_large", f"a dossier has at most {LARGEST // 2**20} MiB")
    if not text.strip():
        raise DossierRefused("dossier_empty", "the file is empty")
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _parse_slowly(text)
    return _parse_slowly(text) if _may_repeat(text, data) else data


def _may_repeat(text: bytes, data: Any) -> bool:
    """Whether a key may be duplicated: the fast parser silently drops one of the two, with its quotation marks."""
    try:
        written = orjson.dumps(data)
    except orjson.JSONEncodeError:  # nested deeper than orjson can serialise
        return True
    return written.count(b'"') != text.count(b'"') or b"\\u0022" in text  # which would offset dropped ones


def _parse_slowly(text: bytes) -> Any:
    """Parse with the standard library, which reports the position of an error that the fast parser does not."""
    try:
        data = json.loads(text.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_object)
        place = _repeated(data)
    except UnicodeDecodeError:
        raise DossierRefused("json_malformed", "JSON is written in UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DossierRefused("json_malformed", f"not well-formed JSON ({where})") from None
    except (ValueError, RecursionError):
        raise DossierRefused("json_malformed", "not well-formed JSON (a number or a nesting out of bounds)") from None
    if place is not None:
        raise DossierRefused("duplicate_key", "each key is expected once in an object", pointer_of(place, data))
    return data


class _Repeated(dict[str, Any]):
    """An object with a duplicate key."""

    key: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    repeated = _Repeated(found)
    repeated.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return repeated


def _repeated(data: Any) -> tuple[int | str, ...] | None:
    """Return the location of a duplicate key; None where there is none."""
    if isinstance(data, _Repeated):
        return (data.key,)
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, part in parts:
        if (place := _repeated(part)) is not None:
            return (step, *place)
    return None


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not valid JSON")


def check_dossier(data: Any) -> ReadDossier:
    """Validate plain JSON values. Errors: DossierRefused for the first error found."""
    try:
        part = DossierPart.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = _CODES.get(first["type"], "invalid_value")
        message = _MESSAGES.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise DossierRefused(code, message, pointer_of(first["loc"], data)) from None
    return ReadDossier(data, dossier_facts(part))
