"""Mapping files: the column names and date formats of a publisher without a bundled profile.

columns: {name: 企业名称, uscc: [统一社会信用代码, 信用代码]} # of several the first in the file
dates: ["%d.%m.%Y"] # tried before the usual formats
formerNamesSeparator: "＋" # besides ; ； 、 ， / | and line breaks
constants: {kind: barring} # for columns that the file lacks
mayBeEmpty: [to] # columns that may lack values in all rows
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.evidence.credit.lists.entries import COLUMNS, ListUnreadable
from app.evidence.credit.lists.header import Columns, known_columns, mapped_columns, shown

_FORMER, _DATES = COLUMNS.index("former_names"), (COLUMNS.index("from"), COLUMNS.index("to"))


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    columns: dict[str, str | list[str]] = Field(max_length=len(COLUMNS))
    dates: list[str] = Field(default=[], max_length=20)
    former_names_separator: str = Field(default=";", alias="formerNamesSeparator", min_length=1, max_length=5)
    constants: dict[str, str] = Field(default={}, max_length=len(COLUMNS))
    may_be_empty: list[str] = Field(default=[], alias="mayBeEmpty", max_length=len(COLUMNS))


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The content of a mapping file; without columns, the bundled profiles apply."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    separator: str = ";"
    constants: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Any) -> "ColumnMapping":
        """Parse a stored mapping (canonical JSON of the value)."""
        if data is None:
            return STANDARD
        if isinstance(data, ColumnMapping):
            return data
        columns = {column: tuple(names) for column, names in data["columns"].items()}
        empty = tuple(data.get("may_be_empty", ()))
        return cls(columns, tuple(data["dates"]), data["separator"], data["constants"], empty)

    @property
    def must_be_filled(self) -> frozenset[str]:
        """Return the columns that need a value in some row: a mapped column without a single value is the wrong one."""
        return frozenset(self.columns) - frozenset(self.may_be_empty)

    def locate(self, header: Sequence[object]) -> Columns:
        """Find the columns in a header. ListUnreadable names those missing and shows the header."""
        if self.columns:
            return mapped_columns(header, self.columns, self.constants)
        if (found := known_columns(header)) is None:
            raise ListUnreadable(
                f"no header with a known column for name or code ({', '.join(COLUMNS)}, 企业名称, 统一社会信用代码 …); "
                f"the first row is: {shown(header)}; for other headings give a mapping file"
            )
        return found

    def rewrites(self, columns: Columns) -> bool:
        """Whether `rewritten` changes anything."""
        return bool(columns.constants or self.dates) or self.separator != ";"

    def rewritten(self, columns: Columns, cells: list[str]) -> list[str]:
        """Return the cells with constants filled in and dates converted from the mapping's own formats."""
        if columns.constants:
            cells = [cell or columns.constants.get(column, "") for column, cell in zip(COLUMNS, cells, strict=True)]
        if self.separator != ";":
            cells[_FORMER] = cells[_FORMER].replace(self.separator, ";")
        for place in _DATES if self.dates else ():
            cells[place] = _iso(cells[place], self.dates)
        return cells


STANDARD = ColumnMapping()


def read_mapping(text: str | bytes) -> ColumnMapping:
    """Parse a mapping from YAML or JSON. ListUnreadable states what is wrong with it."""
    try:
        document = _Document.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise ListUnreadable("the mapping file is not YAML") from None
    except ValidationError as error:
        places = "; ".join("/" + "/".join(map(str, one["loc"])) + ": " + one["msg"] for one in error.errors())
        raise ListUnreadable(f"the mapping file: {places}") from None
    named = {*document.columns, *document.constants, *document.may_be_empty}
    if not named <= set(COLUMNS):
        raise ListUnreadable(f"the mapping file maps {', '.join(COLUMNS)}")
    if not {"name", "uscc"} & set(document.columns):
        raise ListUnreadable("the mapping file maps name or uscc at least")
    columns = {
        column: (names,) if isinstance(names, str) else tuple(names) for column, names in document.columns.items()
    }
    return ColumnMapping(
        columns,
        tuple(document.dates),
        document.former_names_separator,
        document.constants,
        tuple(document.may_be_empty),
    )


def read_mapping_file(path: Path) -> ColumnMapping:
    """Read a mapping from a file; ListUnreadable or OSError."""
    return read_mapping(path.read_bytes())


@lru_cache(maxsize=65536)
def _iso(text: str, formats: tuple[str, ...]) -> str:
    for form in formats:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text
