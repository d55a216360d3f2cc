"""OpenAPI schema of the input of an award scenario, which `app.awarding.awards.scenarios` parses."""

from typing import Any

from app.core.awards.assignment import Objective, Rule

_NAME: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200}
_DECIMAL: dict[str, Any] = {"type": "string", "pattern": r"^[0-9]{1,13}(\.[0-9]{1,12})?$", "examples": ["92.50"]}
_MONEY: dict[str, Any] = {"type": "string", "pattern": r"^[0-9]{1,13}(\.[0-9]{1,2})?$", "examples": ["980000.00"]}
_LIMIT: dict[str, Any] = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 1_000_000}, {"type": "null"}]}


def _record(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_ROW = _record(
    ["bid", "bidder", "rank", "total"],
    bid=_NAME,
    bidder=_NAME,
    rank={"type": "integer", "minimum": 1, "maximum": 1_000_000},
    total=_DECIMAL,
    price=_nullable(_MONEY),
)
_LOT = _record(["id", "ranking"], id=_NAME, value=_nullable(_MONEY), ranking={"type": "array", "items": _ROW})
_LIMITS = _record(
    [],
    maximumLotsAwardedPerSupplier=_LIMIT,
    perSupplier=_nullable({"type": "object", "additionalProperties": _LIMIT}),
)
_SETTLED = _record(["bid", "reason"], bid=_NAME, reason=_NAME)
AWARD_INPUT = {
    **_record(
        [],
        lots=_nullable({"type": "array", "items": _LOT, "maxItems": 2_000}),
        limits=_nullable(_LIMITS),
        rule=_nullable({"enum": list(Rule)}),
        objective=_nullable({"enum": list(Objective)}),
        lotOrder=_nullable({"type": "array", "items": _NAME, "maxItems": 2_000}),
        settled=_nullable({"type": "object", "additionalProperties": _SETTLED}),
    ),
    "description": "With `lots`: these rankings, as `bidscreen awards` reads them (`rule` is then required). Without: the"
    " stored rankings of the tender, and the published rule, limits and order for omitted members; `settled` states"
    " for each lot which of the tied first candidates ranks first and how that was settled (财政部令第87号 第六十八条).",
}
