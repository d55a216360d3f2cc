"""Mapping files: the column names and date formats of another publisher.

columns: {name: 企业名称, uscc: [统一社会信用代码, 信用代码]}   # the first that the file has
dates: ["%Y年%m月%d日", "%Y/%m/%d"]                          # tried after YYYY-MM-DD
formerNamesSeparator: "、"
constants: {kind: barring}                                  # for columns that the file lacks
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.evidence.credit.lists.entries import COLUMNS, ListUnreadable


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    columns: dict[str, str | list[str]] = Field(max_length=len(COLUMNS))
    dates: list[str] = Field(default=[], max_length=20)
    former_names_separator: str = Field(default=";", alias="formerNamesSeparator", min_length=1, max_length=5)
    constants: dict[str, str] = Field(default={}, max_length=len(COLUMNS))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells of COLUMNS stand in a row (-1: nowhere), and how cells are rewritten (None: they stay)."""

    positions: tuple[int, ...]
    width: int
    rewrite: Callable[[list[str]], list[str]] | None = None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a mapping file says; without one the header names COLUMNS and nothing else."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    separator: str = ";"
    constants: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Any) -> "ColumnMapping":
        """As it was stored (canonical JSON of the value)."""
        if data is None:
            return STANDARD
        if isinstance(data, ColumnMapping):
            return data
        columns = {column: tuple(names) for column, names in data["columns"].items()}
        return cls(columns, tuple(data["dates"]), data["separator"], data["constants"])

    def locate(self, header: Sequence[str]) -> Columns:
        """Find the columns in a header. ListUnreadable where the names are others, or a column is named twice."""
        names = [name.strip().lstrip("\ufeff") for name in header]
        if not self.columns:
            names = [name.lower() for name in names]
            if "name" not in names or not set(names) <= set(COLUMNS) or len(set(names)) < len(names):
                raise ListUnreadable(f"the header names {', '.join(COLUMNS)}; for other names give a mapping file")
        positions = tuple(self._position(names, column) for column in COLUMNS)
        if positions[0] < 0 and positions[1] < 0:
            raise ListUnreadable("the mapping file names columns for name and uscc that the file does not have")
        return Columns(positions, len(names), self._rewritten if self.columns else None)

    def _position(self, names: Sequence[str], column: str) -> int:
        for wanted in self.columns.get(column, () if self.columns else (column,)):
            if names.count(wanted) > 1:
                raise ListUnreadable("the header names a column twice")
            if wanted in names:
                return names.index(wanted)
        return -1

    def _rewritten(self, cells: list[str]) -> list[str]:
        cells = [cell or self.constants.get(column, "") for column, cell in zip(COLUMNS, cells, strict=True)]
        if self.separator != ";":
            cells[2] = cells[2].replace(self.separator, ";")
        for place in (4, 5):
            cells[place] = _iso(cells[place], self.dates)
        return cells


STANDARD = ColumnMapping()


def read_mapping(text: str | bytes) -> ColumnMapping:
    """A mapping from YAML or JSON. ListUnreadable says what is wrong with it."""
    try:
        document = _Document.model_validate(yaml.safe_load(text))
    except yaml.YAMLError:
        raise ListUnreadable("the mapping file is not YAML") from None
    except ValidationError as error:
        places = "; ".join("/" + "/".join(map(str, one["loc"])) + ": " + one["msg"] for one in error.errors())
        raise ListUnreadable(f"the mapping file: {places}") from None
    if not {*document.columns, *document.constants} <= set(COLUMNS):
        raise ListUnreadable(f"the mapping file maps {', '.join(COLUMNS)}")
    columns = {
        column: (names,) if isinstance(names, str) else tuple(names) for column, names in document.columns.items()
    }
    return ColumnMapping(columns, tuple(document.dates), document.former_names_separator, document.constants)


def read_mapping_file(path: Path) -> ColumnMapping:
    """A mapping from a file; ListUnreadable or OSError."""
    return read_mapping(path.read_bytes())


@lru_cache(maxsize=65536)
def _iso(text: str, formats: tuple[str, ...]) -> str:
    for form in formats:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text
