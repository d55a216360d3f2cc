"""Administrative divisions 行政区划 (GB/T 2260) with their years of validity; the data comes from the policy."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Protocol

# Rows of the table that only group divisions; no authority is named after them.
_GROUPING = re.compile(r"市辖区|县|.*直辖(县级)?行政(单位|区划)")


@dataclass(frozen=True, slots=True)
class DivisionName:
    """A name of a code from year `first` to year `last`, both included; None is unbounded."""

    name: str
    first: int | None = None
    last: int | None = None

    def held_between(self, first: int, last: int) -> bool:
        """Whether the code had this name in some year from `first` to `last`."""
        return (
            first <= last and (self.first is None or self.first <= last) and (self.last is None or self.last >= first)
        )


class Divisions(Protocol):
    """Look-up of division codes."""

    def __hash__(self) -> int: ...

    def names(self, code: str) -> tuple[DivisionName, ...]:
        """Return all names that a six-digit code ever had; empty where the code is unknown."""


@lru_cache(maxsize=8192)
def is_known(divisions: Divisions, code: str, first: int, last: int) -> bool:
    """Whether the code was valid in some year from `first` to `last`."""
    return any(name.held_between(first, last) for name in divisions.names(code))


@lru_cache(maxsize=8192)
def full_names(divisions: Divisions, code: str, first: int, last: int) -> frozenset[str]:
    """Return the names under which an authority of this division appeared in those years: its own, after any levels
    above it.

    320508 → 江苏省苏州市姑苏区, 江苏省姑苏区, 苏州市姑苏区, 姑苏区. Grouping rows (市辖区, 省直辖县级行政单位) are not
    part of a name.
    """
    levels = [names for level in _chain(code) if (names := _level(divisions, level, first, last))]
    if not levels:
        return frozenset()
    *above, own = levels
    return frozenset("".join(chain) for chain in product(*(["", *names] for names in above), own))


def _chain(code: str) -> list[str]:
    """Return province, prefecture, county codes, without repeats: 320500 → 320000, 320500."""
    return list(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)))


def _level(divisions: Divisions, code: str, first: int, last: int) -> list[str]:
    return [
        name.name
        for name in divisions.names(code)
        if name.held_between(first, last) and not _GROUPING.fullmatch(name.name)
    ]
