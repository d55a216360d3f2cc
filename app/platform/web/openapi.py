"""The OpenAPI document: FastAPI's document completed with problems, security, permissions, headers and examples."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from app.core.procedure.second_person import RULES
from app.platform.access.acts import ACT_ROUTES
from app.platform.access.permissions import PERMISSIONS, PUBLIC
from app.platform.web.openapi_examples import example
from app.platform.web.openapi_parts import HEADERS, PROBLEM, SECURITY, TAGS, problem_responses

_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeated request with the same key is executed once; its first response is replayed",
    "schema": {"type": "string", "pattern": "^[!-~]{1,64}$"},
}


def describe(app: FastAPI, labels: Mapping[str, Any]) -> None:
    """Add to the application's OpenAPI document what FastAPI does not know; `labels` become `x-labels`."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        known = app.openapi_schema
        document = generate()
        if document is not known:
            _complete(document)
            document["x-labels"] = labels
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    components["responses"] = problem_responses()
    components["headers"] = HEADERS
    components["securitySchemes"] = SECURITY
    document["servers"] = [{"url": "/", "description": "This instance"}]
    for methods in document["paths"].values():
        versioned = any(_takes_if_match(operation) for operation in methods.values())
        for method, operation in methods.items():
            _complete_operation(method, operation, schemas, versioned=versioned)
    used = {tag for methods in document["paths"].values() for one in methods.values() for tag in one.get("tags", ())}
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]


def _takes_if_match(operation: dict[str, Any]) -> bool:
    return any(one["name"].lower() == "if-match" for one in operation.get("parameters", ()))


def _complete_operation(method: str, operation: dict[str, Any], schemas: dict[str, Any], *, versioned: bool) -> None:
    name = operation["operationId"]
    if name in ACT_ROUTES:
        operation["responses"]["202"] = _proposal(name)
    operation["summary"] = _summary(operation.get("description", "")) or operation["summary"]
    _complete_answers(method, operation["responses"], versioned=versioned)
    for content in _contents(operation):
        if "schema" in content and "example" not in content and "examples" not in content:
            content["example"] = example(content["schema"], schemas)
    operation["responses"].pop("422", None)
    for status in problem_responses():
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{status}"})
    if name not in PUBLIC:
        operation.update(_permission(name))
    if method == "post":
        operation.setdefault("parameters", []).append(_KEY_HEADER)


def _proposal(name: str) -> dict[str, Any]:
    rule = RULES[ACT_ROUTES[name].act]
    schema = {"$ref": "#/components/schemas/ApprovalOut"}
    return {
        "description": f"Nothing is changed yet: a second person must agree ({rule.article})",
        "content": {"application/json": {"schema": schema}},
    }


def _summary(description: str) -> str:
    """Return the first sentence of the description, without its full stop."""
    first = description.partition("\n\n")[0].replace("\n", " ")
    for end in (". ", ": ", "; "):
        first = first.partition(end)[0]
    return first.removesuffix(".")


def _complete_answers(method: str, responses: dict[str, Any], *, versioned: bool) -> None:
    for status, response in responses.items():
        if not status.startswith("2"):
            continue
        names = ["X-Request-Id"]
        if versioned or status == "201":
            names.append("ETag")
        if status in ("201", "202"):
            names.append("Location")
        if method == "post":
            names.append("Idempotent-Replayed")
        headers = {one: {"$ref": f"#/components/headers/{one}"} for one in names}
        response["headers"] = {**headers, **response.get("headers", {})}
        for media, content in response.get("content", {}).items():
            _complete_content(media, content)


def _complete_content(media: str, content: dict[str, Any]) -> None:
    """Complete streams and files: OpenAPI 3.1 has no `itemSchema`, and a body without a schema could be anything."""
    item = content.pop("itemSchema", None)
    if item is not None:
        content["schema"] = {
            "type": "string",
            "description": "Server-sent events; each has the fields of `x-event`",
            "x-event": item,
        }
        content["example"] = 'event: job\ndata: {"id": "job_…", "state": "running", "done": 3, "total": 9}\n\n'
    elif not content.get("schema"):
        content["schema"] = {"type": "string", "format": "binary", "contentMediaType": media}
        content["example"] = "(bytes)"


def _contents(operation: dict[str, Any]) -> list[dict[str, Any]]:
    bodies = [operation.get("requestBody", {})]
    bodies += [response for status, response in operation["responses"].items() if status.startswith("2")]
    return [content for body in bodies for content in body.get("content", {}).values()]


def _permission(name: str) -> dict[str, Any]:
    """Return the entry of the permission table for the operation."""
    rule = PERMISSIONS.get(name)
    ways: list[dict[str, Any]] = [{"session": []}]
    if rule is None or not rule.person:
        ways.insert(0, {"apiKey": []})
    if rule is None:
        return {"security": ways, "x-roles": []}
    said = {"x-scope": rule.scope, "x-own": sorted(rule.own), "x-states": sorted(rule.states or ())}
    return {"security": ways, "x-roles": sorted(rule.roles), **{name: value for name, value in said.items() if value}}
