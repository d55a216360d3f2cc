"""Examples of bodies, derived from their schemas, so that they never contradict them."""

import re
from typing import Any

_ID = "01jz8q5r7w9x2y4v6b8n0m3k5h"
_PREFIXES = {
    "tender": "ten",
    "organization": "org",
    "lot": "lot",
    "bid": "bid",
    "screening": "scr",
    "review": "rev",
    "award": "awd",
    "scenario": "sco",
    "envelope": "env",
    "document": "doc",
    "snapshot": "cre",
}
_TEXTS = {
    "name": "苏州市某某社会工作服务社",
    "title": "2026年社区服务项目",
    "reason": "材料已核对",
    "login": "officer.wang",
    "password": "a-long-pass-phrase",
    "residentId": "320508********1234",
    "asOf": "2026-05-20",
    "createdAt": "2026-05-20T09:30:00+08:00",
    "code": "123456",
    "nextCursor": "bnVsbA",
}
_FORMATS = {
    "date": "2026-05-20",
    "date-time": "2026-05-20T09:30:00+08:00",
    "binary": "(bytes)",
    "uri": "https://example.org/",
}
# Tried in this order against a pattern.
_CANDIDATES = (
    "5",
    "51",
    "2026-05-20",
    "2026-05",
    "980000.00",
    "0.51",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    f"age1{'q' * 58}",
    "suzhou-current",
    "legal_person",
    "add",
    "assistant",
    "shareholding",
    "officer.wang",
    "Y29udGVudA==",
)
_SIMPLE = {"number": 0.95, "boolean": True}
_DEEP, _DEEPEST = 9, 30  # from here on optional members are omitted; schemas can refer to themselves


def example(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """Return a value of the schema: its own example where it has one, else the simplest that its keywords allow.

    `schemas` are the document's components; `name` is the member whose value it is.
    """
    given = _given(schema)
    if given is not None:
        return given[0]
    if "$ref" in schema:
        target = schemas.get(schema["$ref"].rpartition("/")[2], {})
        return {} if depth > _DEEPEST else example(target, schemas, name, depth + 1)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            is_cut = depth > _DEEP and {"type": "null"} in schema[choice]
            return None if is_cut else example(schema[choice][0], schemas, name, depth)
    return _by_type(schema, schemas, name, depth)


def _given(schema: dict[str, Any]) -> tuple[Any] | None:
    for keyword in ("examples", "enum"):
        if isinstance(schema.get(keyword), list) and schema[keyword]:
            return (schema[keyword][0],)
    for keyword in ("example", "const", "default"):
        if schema.get(keyword) is not None:
            return (schema[keyword],)
    return None


def _by_type(schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, depth)
        case "array":
            if depth > _DEEP and not schema.get("minItems"):
                return []
            singular = name.removesuffix("s")
            item = example(schema.get("items", {}), schemas, singular, depth + 1)
            return [item] * max(1, schema.get("minItems", 1))
        case "string":
            return _text(schema, name)
        case "integer":
            return max(1, schema.get("minimum", 1))
    return _SIMPLE.get(schema.get("type", ""))


def _object(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        return {}
    members = schema.get("properties", {})
    shown = {name: example(part, schemas, name, depth + 1) for name, part in members.items()}
    further = schema.get("additionalProperties")
    for pattern, part in schema.get("patternProperties", {}).items():
        shown[_text({"pattern": pattern}, "bid")] = example(part, schemas, "", depth + 1)
    if not shown and isinstance(further, dict):
        return {"key": example(further, schemas, "", depth + 1)}
    return shown


def _text(schema: dict[str, Any], name: str) -> str:
    if "format" in schema:
        return _FORMATS.get(schema["format"], "text")
    if "pattern" in schema:
        matching = (one for one in (_identifier(name), _TEXTS.get(name, ""), *_CANDIDATES) if _fits(one, schema))
        return next(matching, "文本 text")
    is_id = name == "id" or name.endswith("Id")
    text = _TEXTS.get(name) or (_identifier(name) if is_id else "文本 text")
    return text[: schema.get("maxLength", len(text))]


def _fits(text: str, schema: dict[str, Any]) -> bool:
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(text))
    return least <= len(text) <= most and re.search(schema["pattern"], text) is not None


def _identifier(name: str) -> str:
    kind = name.removesuffix("Id").removesuffix("s")
    return f"{_PREFIXES.get(kind, 'obj')}_{_ID}"
