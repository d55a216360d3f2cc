"""Division codes with their years of validity: python-stdnum's public table, and the dated extension of a policy."""

import re
from collections.abc import Mapping
from functools import lru_cache

from stdnum import numdb

from app.core.values.divisions import DivisionName

_PERIOD = re.compile(r"(?:\[(?P<first>\d*)-(?P<last>\d*)\])?(?P<name>.+)")


class PublicDivisions:
    """The table of GB/T 2260 codes, by year, with a policy's own codes added."""

    def __init__(self, extension: Mapping[str, tuple[DivisionName, ...]]) -> None:
        self._extension = dict(extension)

    def names(self, code: str) -> tuple[DivisionName, ...]:
        """The names that a six-digit code ever had; empty where the code is unknown."""
        return self._extension.get(code, ()) + _public_names(code)


@lru_cache(maxsize=8192)
def _public_names(code: str) -> tuple[DivisionName, ...]:
    found = "".join(fields.get("county", "") for _, fields in numdb.get("cn/loc").info(code))
    return tuple(_division_name(part) for part in found.split(",") if part)


def _division_name(part: str) -> DivisionName:
    match = _PERIOD.fullmatch(part)
    if match is None:
        raise ValueError(f"a division of the public table reads {part!r}")
    first, last, name = match["first"], match["last"], match["name"]
    return DivisionName(name, int(first) if first else None, int(last) if last else None)
