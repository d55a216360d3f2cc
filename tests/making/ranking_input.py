"""Valid input of a ranking, to be varied by one thing at a time."""

import copy
from typing import Any

SCHEME: dict[str, Any] = {
    "price": {"points": "10", "formula": "lowest_price"},
    "factors": [
        {"id": "plan", "points": "60", "objective": False, "technical": True},
        {"id": "record", "points": "30", "objective": True, "technical": False},
    ],
    "rounding": {"places": 2},
    "minBidders": 3,
    "tieBreak": ["price", "technical", "lot_draw"],
    "drawSeed": None,
}


def document(
    bids: dict[str, dict[str, Any]], scheme: dict[str, Any], ceiling: str | None = "1000000"
) -> dict[str, Any]:
    return {
        "lot": {"id": "lot-1", "ceiling": ceiling},
        "scheme": {**copy.deepcopy(SCHEME), **scheme},
        "bids": [bid(name, **values) for name, values in bids.items()],
    }


def bid(name: str, plan: str = "50", record: str = "30", **values: Any) -> dict[str, Any]:
    scores = {member: {"plan": plan, "record": record} for member in ("memberA", "memberB")}
    sound = {"id": name, "price": "900000", "qualified": True, "deduction": "0", "offered": None, "scores": scores}
    return {**sound, **values}


def put(data: Any, pointer: str, value: Any) -> None:
    *path, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for part in path:
        data = data[int(part)] if isinstance(data, list) else data.setdefault(part, {})
    if isinstance(data, list):
        data[int(last)] = value
    else:
        data[last] = value
