"""Division codes with their years of validity: python-stdnum's table, changes that it lacks, and a policy's own codes.

`division_changes.json` is dated data: which codes the table lacks, since when they are valid, by which decision.
`bidscreen divisions check` compares all of it with what other packages or a file carry.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from stdnum import numdb

from app.core.values.divisions import DivisionName

_PERIOD = re.compile(r"(?:\[(?P<first>\d*)-(?P<last>\d*)\])?(?P<name>.+)")
_CHANGES = "division_changes.json"


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that the public table lacks: where they come from, on which day they were compared, the codes."""

    source: str
    compared_on: str
    names: Mapping[str, tuple[DivisionName, ...]]


class PublicDivisions:
    """The table of GB/T 2260 codes by year, with its dated changes and a policy's own codes."""

    def __init__(self, extension: Mapping[str, tuple[DivisionName, ...]]) -> None:
        self._extension = dict(extension)

    def names(self, code: str) -> tuple[DivisionName, ...]:
        """Return all names that a six-digit code ever had; empty where the code is unknown."""
        return self._extension.get(code, ()) + changes().names.get(code, ()) + public_names(code)


@lru_cache(maxsize=1)
def changes() -> Changes:
    """Return the dated changes that come with the service."""
    data: dict[str, Any] = json.loads(
        resources.files("app.tendering.policies").joinpath(_CHANGES).read_text(encoding="utf-8")
    )
    names: dict[str, tuple[DivisionName, ...]] = {}
    for one in data["divisions"]:
        names[one["code"]] = (
            *names.get(one["code"], ()),
            DivisionName(one["name"], one.get("from"), one.get("to")),
        )
    return Changes(data["source"], data["comparedOn"], names)


@lru_cache(maxsize=8192)
def public_names(code: str) -> tuple[DivisionName, ...]:
    """Return the names of a code in python-stdnum's table."""
    found = "".join(fields.get("county", "") for _, fields in numdb.get("cn/loc").info(code))
    return tuple(_division_name(part) for part in found.split(",") if part)


def _division_name(part: str) -> DivisionName:
    match = _PERIOD.fullmatch(part)
    if match is None:
        raise ValueError(f"a division of the public table reads {part!r}")
    first, last, name = match["first"], match["last"], match["name"]
    return DivisionName(name, int(first) if first else None, int(last) if last else None)
