"""Components of the OpenAPI document that every operation shares: problems, headers, security, descriptions of tags."""

from typing import Any

from app.platform.problems import MEDIA_TYPE

_STATUSES = {
    "400": "The request is malformed",
    "401": "The API key or session is missing or invalid",
    "403": "The role, key or session does not permit this operation",
    "404": "The resource does not exist or belongs to another party",
    "408": "The request body was not received in time",
    "409": "The request conflicts with the recorded state",
    "410": "The data were erased after their retention period",
    "412": "The resource was changed since it was read",
    "413": "The request body is too large",
    "415": "The media type is not supported",
    "422": "The input is invalid",
    "428": "If-Match is required",
    "429": "Too many attempts",
    "503": "The service is busy or overloaded; nothing was changed",
    "507": "The storage is full; nothing was changed",
}
_RETRY = frozenset({"429", "503", "507"})
_FAULT = {
    "type": "object",
    "required": ["code", "detail", "pointer", "source"],
    "properties": {
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer into `source`"},
        "source": {"type": "string", "enum": ["body", "query", "path", "header", "cookie"]},
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem document (RFC 9457); it never repeats input",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "In English, or in Chinese with `Accept-Language: zh`"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; `GET /labels` lists the codes"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer into the body"},
        "article": {"type": "string", "description": "The legal basis"},
        "errors": {"type": "array", "items": _FAULT},
        "requestId": {"type": "string"},
    },
}
HEADERS: dict[str, Any] = {
    "ETag": {"description": "Version of the resource, for If-Match", "schema": {"type": "string", "example": '"3"'}},
    "Location": {"description": "Path of the created resource, or of the job", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "The response is that of an earlier request with the same Idempotency-Key",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {"description": "Seconds to wait before the next attempt", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "The authentication scheme", "schema": {"type": "string"}},
    "X-Request-Id": {"description": "Id of the request in the log", "schema": {"type": "string"}},
}
SECURITY: dict[str, Any] = {
    "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `bsk_…`"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-bidscreen",
        "description": "Set by `POST /sessions`; changes require its `X-CSRF-Token` as well",
    },
}
TAGS = {
    "health": "State of the service.",
    "labels": "Every code of the API in Chinese and English.",
    "access": "API keys.",
    "users": "User accounts, one's own account, sessions.",
    "audit": "The audit trail, its verification and its checkpoints.",
    "jobs": "Progress of background jobs.",
    "approvals": "Acts that need two persons (复核): proposals and answers.",
    "policies": "Presets of requirements and rules.",
    "tenders": "Tenders, their lots and policy, publication and states.",
    "organizations": "Organizations, their registrations and dossiers.",
    "rosters": "Staff rosters, as JSON or as files.",
    "documents": "Documents, their extractions, pages and corrections.",
    "credit": "Credit lists, matching and judgements.",
    "screenings": "Eligibility screenings, their explanation, replay and what-if.",
    "bids": "Bids of a tender.",
    "sealed bids": "Envelopes, the opening and its proofs.",
    "qualifications": "An officer's decision on each bid (资格审查).",
    "clarifications": "Clarification requests and answers (澄清).",
    "consortia": "Consortia (联合体).",
    "reviews": "Manual reviews requested by bidders.",
    "flags": "Integrity leads (线索) and their dispositions.",
    "checks": "Checks of service plans and monitoring bodies.",
    "committee": "The evaluation committee (评标委员会).",
    "evaluation": "Score sheets, rankings and signatures (评标).",
    "exports": "Exports of a whole tender: open data (OCDS).",
    "awards": "Award scenarios and decisions (定标).",
    "contracts": "Contracts, milestones and lateness.",
    "notices": "Amendments and notices.",
    "deadlines": "Legal periods and the working-day calendar.",
    "questions and complaints": "Queries (质疑) and complaints (投诉).",
}


def problem_responses() -> dict[str, Any]:
    """`components/responses`: one for each status of a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: _response(status, text, content) for status, text in _STATUSES.items()}


def _response(status: str, text: str, content: dict[str, Any]) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if status in _RETRY:
        names.append("Retry-After")
    if status == "401":
        names.append("WWW-Authenticate")
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {"description": text, "headers": headers, "content": content}
