"""The OpenAPI document: FastAPI's document completed with problems, security and permissions."""

from typing import Any

from fastapi import FastAPI

from app.platform.access.permissions import PERMISSIONS, PUBLIC
from app.platform.problems import MEDIA_TYPE

_STATUSES = {
    "400": "The request could not be read",
    "401": "No valid API key or session",
    "403": "This role, key or session may not do this",
    "404": "Not there, or somebody else's",
    "408": "The body came too slowly",
    "409": "Conflicts with what is recorded",
    "412": "Changed since it was read",
    "413": "The body is too large",
    "415": "Another kind of content is expected",
    "422": "The input is not valid",
    "428": "If-Match is needed",
    "429": "Too many attempts",
    "503": "Busy, or too many requests at once; nothing was changed",
}
_FAULT = {
    "type": "object",
    "required": ["code", "detail", "pointer", "source"],
    "properties": {
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer into `source`"},
        "source": {"enum": ["body", "query", "path", "header", "cookie"]},
    },
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem; never repeats input",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; docs/problems.md lists them"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer into the body"},
        "article": {"type": "string", "description": "The article it rests on"},
        "errors": {"type": "array", "items": _FAULT},
        "requestId": {"type": "string"},
    },
}
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and request again: done once, answered the same",
    "schema": {"type": "string", "pattern": "^[!-~]{1,64}$"},
}


def describe(app: FastAPI) -> None:
    """Lets the application describe itself with the problems, the key and the roles of each operation."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        known = app.openapi_schema
        document = generate()
        if document is not known:
            _complete(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `bsk_…`"},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-bidscreen",
            "description": "Of `POST /sessions`; changes carry its `X-CSRF-Token` as well",
        },
    }
    for methods in document["paths"].values():
        for method, operation in methods.items():
            _complete_operation(method, operation)


def _complete_operation(method: str, operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"].pop("422", None)
    for status, description in _STATUSES.items():
        operation["responses"].setdefault(status, {"description": description, "content": content})
    if name not in PUBLIC:
        operation.update(_permission(name))
    if method == "post":
        operation.setdefault("parameters", []).append(_KEY_HEADER)


def _permission(name: str) -> dict[str, Any]:
    """What the permission table says of the operation."""
    rule = PERMISSIONS.get(name)
    ways: list[dict[str, Any]] = [{"session": []}]
    if rule is None or not rule.person:
        ways.insert(0, {"apiKey": []})
    if rule is None:
        return {"security": ways, "x-roles": []}
    said = {"x-scope": rule.scope, "x-own": sorted(rule.own), "x-states": sorted(rule.states or ())}
    return {"security": ways, "x-roles": sorted(rule.roles), **{name: value for name, value in said.items() if value}}
