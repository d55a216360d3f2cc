"""OpenAPI schema of the input of a ranking, which `app.awarding.evaluation.ranking_json` parses."""

from typing import Any

DECIMAL: dict[str, Any] = {"type": "string", "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,12})?$", "examples": ["50.5"]}
MONEY: dict[str, Any] = {"type": "string", "pattern": r"^[0-9]{1,13}(\.[0-9]{1,2})?$", "examples": ["980000.00"]}
NAME: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200}


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema extended by null."""
    return {"anyOf": [schema, {"type": "null"}]}


def record(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with exactly these members."""
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def listing(items: dict[str, Any], most: int) -> dict[str, Any]:
    """Return the schema of a list of at most `most` items."""
    return {"type": "array", "items": items, "maxItems": most}


def mapping(values: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object whose keys are data."""
    return {"type": "object", "additionalProperties": values}


FACTOR = record(["id", "points"], id=NAME, points=DECIMAL, objective={"type": "boolean"}, technical={"type": "boolean"})
SCHEME = record(
    ["price", "factors"],
    price=record(["points", "formula"], points=DECIMAL, formula={"enum": ["lowest_price", "fixed", "most_offered"]}),
    factors=listing(FACTOR, 1_000),
    rounding=nullable(record([], places={"type": "integer", "minimum": 0, "maximum": 10})),
    minBidders=nullable({"type": "integer", "minimum": 1, "maximum": 10_000}),
    tieBreak=nullable(listing({"enum": ["price", "technical", "lot_draw"]}, 6)),
    drawSeed=nullable(NAME),
)
BID = record(
    ["id", "qualified"],
    id=NAME,
    price=nullable(MONEY),
    qualified={"type": "boolean"},
    deduction=nullable(DECIMAL),
    offered=nullable(DECIMAL),
    scores=mapping(mapping(nullable(DECIMAL))),
)
RANKING_INPUT = record(
    ["lot", "scheme", "bids"],
    lot=record(["id"], id=NAME, ceiling=nullable(MONEY)),
    scheme=SCHEME,
    bids=listing(BID, 10_000),
)
