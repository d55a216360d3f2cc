"""Identify the columns of a list by its headings: those of a mapping file, else those of a known register
(`profiles.yaml`).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from app.evidence.credit.lists.entries import COLUMNS, ListUnreadable

TITLE_ROWS = 20  # rows searched for the header: exports put a title, a date and a unit above it
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Profile:
    """The headings of one register: for each column the possible ones, best first."""

    id: str
    requires: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """The positions of COLUMNS in a row of `width` cells (-1: missing), and values for missing columns."""

    positions: tuple[int, ...]
    width: int
    profile: str
    constants: Mapping[str, str]


def heading(text: object) -> str:
    """Normalise a heading: NFKC, without white space, byte order mark and asterisks, lower case."""
    plain = unicodedata.normalize("NFKC", str(text or "")).replace("\ufeff", "")
    return "".join(plain.split()).strip("*").casefold()


@lru_cache(maxsize=1)
def profiles() -> tuple[Profile, ...]:
    """Return the bundled profiles, most specific first."""
    text = resources.files("app.evidence.credit.lists").joinpath("profiles.yaml").read_text("utf-8")
    return tuple(map(_profile, yaml.safe_load(text)))


def _profile(data: Mapping[str, Any]) -> Profile:
    columns = {column: tuple(map(heading, names)) for column, names in data["columns"].items()}
    return Profile(data["id"], frozenset(map(heading, data["requires"])), columns, data.get("constants", {}))


def known_columns(header: Sequence[object]) -> Columns | None:
    """Return the columns of a header by the profile that knows most of them; None where none of them finds a name or a
    code.
    """
    names = [heading(name) for name in header]
    best: tuple[int, Columns] | None = None
    for profile in profiles():
        if profile.requires and profile.requires.isdisjoint(names):
            continue
        positions = tuple(_position(names, profile.columns.get(column, ())) for column in COLUMNS)
        found = sum(place >= 0 for place in positions)
        if (positions[0] >= 0 or positions[1] >= 0) and (best is None or found > best[0]):
            constants = {column: text for column, text in profile.constants.items() if _place(positions, column) < 0}
            best = found, Columns(positions, len(names), profile.id, constants)
    return best[1] if best else None


def mapped_columns(
    header: Sequence[object], wanted: Mapping[str, tuple[str, ...]], constants: Mapping[str, str]
) -> Columns:
    """Return the columns that a mapping file names. ListUnreadable names those that the header lacks, and the header."""
    names = [heading(name) for name in header]
    positions = {column: _position(names, tuple(map(heading, of_column))) for column, of_column in wanted.items()}
    lacking = [f"{column} ({' or '.join(wanted[column])})" for column, place in positions.items() if place < 0]
    if lacking:
        raise ListUnreadable(
            f"the mapping names columns that the file does not have: {', '.join(lacking)}; the header is: {shown(header)}"
        )
    return Columns(tuple(positions.get(column, -1) for column in COLUMNS), len(names), "mapping", constants)


def shown(header: Sequence[object]) -> str:
    """Return a header for display in a message."""
    cells = [str(cell or "").strip() for cell in header]
    return ", ".join(cell[:_LONGEST_SHOWN] for cell in cells if cell)[:500] or "(empty)"


def _place(positions: Sequence[int], column: str) -> int:
    return positions[COLUMNS.index(column)]


def _position(names: Sequence[str], wanted: Sequence[str]) -> int:
    for one in wanted:
        if names.count(one) > 1:
            raise ListUnreadable("the header names a column twice")
        if one in names:
            return names.index(one)
    return -1
