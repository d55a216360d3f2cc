"""One dossier read: JSON in, facts out, or a refusal with code, message and pointer that echoes nothing of the input."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson
from pydantic import ValidationError

from app.core.facts import Dossier
from app.screening.dossier import DossierPart, dossier_facts, pointer_of

_CODES = {"extra_forbidden": "unknown_key", "missing": "missing_key"}
_MESSAGES = {
    "extra_forbidden": "a dossier has no such key",
    "missing": "this key is needed",
    "model_type": "an object is expected",
    "string_unicode": "text in Unicode is expected, without halves of characters",
}
LARGEST = 32 * 1024 * 1024


class DossierRefused(ValueError):
    """A dossier that cannot be read."""

    def __init__(self, code: str, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.pointer = code, message, pointer

    def as_json(self) -> dict[str, str]:
        """As it stands on a result line."""
        return {"code": self.code, "message": self.message, "pointer": self.pointer}


@dataclass(frozen=True, slots=True)
class ReadDossier:
    """A dossier as plain JSON values (what the input hash is made of) and as facts."""

    data: dict[str, Any]
    facts: Dossier


def read_dossier(text: bytes) -> ReadDossier:
    """Parse and validate; DossierRefused where it is no JSON, too large, or not a dossier."""
    return check_dossier(parse_json(text))


def parse_json(text: bytes) -> Any:
    """Strict JSON in UTF-8 (a byte order mark is accepted): no NaN, no bottomless nesting."""
    if len(text) > LARGEST:
        raise DossierRefused("dossier_too_large", f"a dossier has at most {LARGEST // 2**20} MiB")
    if not text.strip():
        raise DossierRefused("dossier_empty", "the file is empty")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _parse_slowly(text)


def _parse_slowly(text: bytes) -> Any:
    """What the fast parser refuses, read by one that says where, or leaves it to the validation to say so."""
    try:
        return json.loads(text.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise DossierRefused("json_malformed", "JSON is written in UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DossierRefused("json_malformed", f"not well-formed JSON ({place})") from None
    except (ValueError, RecursionError):
        raise DossierRefused("json_malformed", "not well-formed JSON (a number or a nesting out of bounds)") from None


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def check_dossier(data: Any) -> ReadDossier:
    """Validate plain JSON values; DossierRefused names the first thing that is wrong."""
    try:
        part = DossierPart.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = _CODES.get(first["type"], "invalid_value")
        message = _MESSAGES.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise DossierRefused(code, message, pointer_of(first["loc"], data)) from None
    return ReadDossier(data, dossier_facts(part))
