"""Places of an OpenAPI document that give no shape."""

from collections.abc import Iterator
from typing import Any


def untyped(document: dict[str, Any]) -> Iterator[str]:
    """Yield each member, body and answer whose schema admits anything at all."""
    for name, schema in document["components"]["schemas"].items():
        if _is_vague(schema):
            yield name
        for member, part in schema.get("properties", {}).items():
            if _is_vague(part):
                yield f"{name}.{member}"
    for methods in document["paths"].values():
        for operation in methods.values():
            for where, content in _contents(operation):
                if _is_vague(content.get("schema", True)):
                    yield f"{operation['operationId']} {where}"


def _contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, answer in operation["responses"].items():
        if "application/json" in answer.get("content", {}):
            yield status, answer["content"]["application/json"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield "body", content


def _is_vague(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return schema is True
    if {"$ref", "enum", "const"} & set(schema):
        return False
    parts = [part for key in ("anyOf", "oneOf", "allOf") for part in schema.get(key, ())]
    if parts:
        return any(map(_is_vague, parts))
    if schema.get("type") == "array":
        return _is_vague(schema.get("items", True))
    if schema.get("type") == "object" and not schema.get("properties"):
        kept = [*schema.get("patternProperties", {}).values()] or [schema.get("additionalProperties", True)]
        return any(map(_is_vague, kept))
    return "type" not in schema
