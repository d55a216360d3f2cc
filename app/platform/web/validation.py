"""Validation errors as faults: place and expectation, never the input (a 422 must not leak ID numbers)."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from app.core.values.legible import legible
from app.platform.database.sensitive import mask_numbers
from app.platform.problems import Fault

MOST = 50
_OWN_WORDS = {
    "missing": "Required",
    "string_unicode": "Text must be valid Unicode without lone surrogates",
    "model_attributes_type": "Expected a JSON object",
    "value_error": "Invalid value",
}
_IDS = frozenset({"organization", "tender", "lot"})  # members whose name ends in Id when it holds an id
_SOURCES = ("body", "query", "path", "header", "cookie")


def faults(errors: Iterable[Mapping[str, Any]], body: Any = None) -> list[Fault]:
    """Return the first 50 pydantic errors as faults, without `input` and `ctx`. `body` resolves the pointers."""
    return [_fault(error, body) for _, error in zip(range(MOST), errors, strict=False)]


def unknown(what: str, name: str, known: Iterable[str] = ()) -> str:
    """Return the message for an unknown name: `organization` leads to `organizationId`, a slip to the nearest known name."""
    among = frozenset(known)
    renamed = f"{name}Id"
    if renamed in among or (not among and name in _IDS):
        return f"Unknown {what}; use {renamed}"
    near = get_close_matches(name[:80], among, 1)
    return f"Unknown {what}; did you mean {near[0]}?" if near else f"Unknown {what}"


def pointer(path: Iterable[str | int]) -> str:
    """JSON pointer (RFC 6901); ID numbers used as names are masked, lone surrogates replaced."""
    return "".join("/" + _step(step) for step in path)


def readable(pointer_text: str) -> str:
    """Sanitize a pointer: ID numbers masked, lone surrogates replaced, invisible characters escaped."""
    return legible(mask_numbers(pointer_text.encode("utf-8", "replace").decode()))


def _step(step: str | int) -> str:
    return readable(str(step)[:80]).replace("~", "~0").replace("/", "~1")


def _fault(error: Mapping[str, Any], body: Any) -> Fault:
    kind, where = str(error["type"]), tuple(error["loc"])
    source = where[0] if where and where[0] in _SOURCES else "body"
    path = () if kind == "json_invalid" else where[1:]
    return Fault(kind, _detail(kind, error), pointer(_steps(path, body) if source == "body" else path), str(source))


def _steps(path: Iterable[str | int], body: Any) -> Iterator[str | int]:
    """Yield the path without the index that pydantic adds where an object or a list of objects is accepted."""
    for step in path:
        if isinstance(body, Mapping) and isinstance(step, int):
            continue
        yield step
        if isinstance(body, Mapping):
            body = body.get(step)
        else:
            body = body[step] if isinstance(body, list) and isinstance(step, int) and step < len(body) else None


def _detail(kind: str, error: Mapping[str, Any]) -> str:
    if kind == "json_invalid":
        return f"Invalid JSON at character {error['loc'][-1]}"
    if kind == "union_tag_invalid":
        return f"Expected one of {error['ctx']['expected_tags']}"
    if kind == "extra_forbidden":
        return unknown("member", str(error["loc"][-1]))
    return _OWN_WORDS.get(kind) or mask_numbers(str(error["msg"]))
