"""Request bodies from the OpenAPI document: every field filled, every free text with the requested text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

NOT_FREE = {"pattern", "format", "enum", "const"}
ANY_TEXT = ("^[^\\x00]*$", "^[^*]*$")


class Filling:
    """Bodies for the operations of one document. `known` gives ids by parameter name (`tender_id` → ids, newest last)."""

    def __init__(self, document: dict[str, Any], known: dict[str, list[str]]) -> None:
        self._document = document
        self.known = known

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any], str | None]]:
        """Yield (path, method, operation, media type of its body) of everything that writes."""
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                if method in ("post", "put", "patch", "delete"):
                    content = operation.get("requestBody", {}).get("content", {})
                    yield path, method, operation, next(iter(content), None)

    def body(self, operation: dict[str, Any], kind: str, text: str) -> Any:
        """Return a body whose free texts are all `text`, cut to the length that the field accepts."""
        return self._value(operation["requestBody"]["content"][kind].get("schema", {}), "", text)

    def fields(self, operation: dict[str, Any], kind: str) -> list[str]:
        """Return pointers of the free texts of an operation's body, as `/lots/*/name`."""
        schema = operation["requestBody"]["content"][kind].get("schema", {})
        return sorted(set(self._texts(schema, "", ())))

    def address(self, path: str) -> str:
        """Return the path with the newest known ids in it."""
        return re.sub(r"{(\w+)}", lambda found: self._id(found[1]), path)

    def _id(self, name: str) -> str:
        return (self.known.get(name) or ["org_" + "0" * 26])[-1]

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def _texts(self, schema: dict[str, Any], at: str, inside: tuple[str, ...]) -> Iterator[str]:
        if schema.get("$ref") in inside:
            return
        inside = (*inside, schema["$ref"]) if "$ref" in schema else inside
        schema = self._resolved(schema)
        for choice in (one for kind in ("anyOf", "oneOf", "allOf") for one in schema.get(kind, ())):
            yield from self._texts(choice, at, inside)
        if _free(schema):
            yield at
        for name, inner in schema.get("properties", {}).items():
            yield from self._texts(inner, f"{at}/{name}", inside)
        for kind in ("items", "additionalProperties"):
            if isinstance(schema.get(kind), dict):
                yield from self._texts(schema[kind], f"{at}/*", inside)

    def _value(self, schema: dict[str, Any], name: str, text: str, depth: int = 0) -> Any:
        schema = self._resolved(schema)
        choices = [one for kind in ("anyOf", "oneOf", "allOf") for one in schema.get(kind, ())]
        if choices:
            real = [one for one in choices if one.get("type") != "null"]
            return self._value(real[0], name, text, depth)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind = schema.get("type")
        if kind == "string":
            return self._string(schema, name, text)
        if kind in ("integer", "number"):
            return max(schema.get("minimum", 1), min(1, schema.get("maximum", 1)))
        if kind == "array":
            count = max(1, schema.get("minItems", 1)) if depth < 8 else schema.get("minItems", 0)
            return [self._value(schema.get("items", {}), name, text, depth + 1) for _ in range(min(count, 3))]
        if kind == "object" or "properties" in schema:
            made = {
                key: self._value(inner, key, text, depth + 1) for key, inner in schema.get("properties", {}).items()
            }
            extra = schema.get("additionalProperties")
            return made | (
                {text: self._value(extra, name, text, depth + 1)} if isinstance(extra, dict) and not made else {}
            )
        return {"boolean": False, "null": None}.get(str(kind), {"name": text, text: text})

    def _string(self, schema: dict[str, Any], name: str, text: str) -> str:
        if _free(schema):
            return text[: schema.get("maxLength", 10_000)]
        by_name = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower().removesuffix("_id")
        if "{26}" in schema.get("pattern", ""):
            return self._id(f"{by_name}_id")
        if schema.get("examples"):
            return str(schema["examples"][0])
        if schema.get("format") in ("date", "date-time"):
            return {"date": "2026-06-01", "date-time": "2026-06-01T09:30:00+08:00"}[schema["format"]]
        return _matching(schema.get("pattern", "."), schema.get("minLength", 0))


def _free(schema: dict[str, Any]) -> bool:
    free = not NOT_FREE & set(schema) or schema.get("pattern") in ANY_TEXT or schema.get("format") == "password"
    return schema.get("type") == "string" and free


@lru_cache
def _matching(pattern: str, least: int) -> str:
    # Any match will do, it need not be the smallest.
    quick = settings(
        database=None, phases=[Phase.generate], max_examples=10_000, suppress_health_check=list(HealthCheck)
    )
    long_enough = st.from_regex(pattern, fullmatch=True).filter(lambda found: len(found) >= least)
    return find(long_enough, bool, settings=quick, random=Random(7))
