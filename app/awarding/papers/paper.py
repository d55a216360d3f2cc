"""A paper as a value: made from plain data by a pure function, drawn by a renderer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.awarding.reports.results import Language

Kind = Literal["text", "number", "money", "date"]
Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: numbers and money (yuan) are right-aligned; `width` is its share of the page, None as its content."""

    title: str
    kind: Kind = "text"
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on each page; a row has one cell for each column."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Paper:
    """Contents of a paper.

    `decided_at` (aware) is the time of the decision that the paper states: it is the file's date, so that the same
    data give the same bytes. `fields` are label and value; `signatures` labels of lines to sign on. `wide` is A4
    landscape.
    """

    title: str
    subject: str
    decided_at: datetime
    fields: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    notes: Sequence[str] = ()
    signatures: Sequence[str] = ()
    practice: bool = False
    wide: bool = False
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Head:
    """What every paper of a lot states about its tender."""

    tender_id: str
    tender_title: str
    lot_name: str
    decided_at: datetime
    practice: bool
    language: Language


def shown(value: Cell, kind: Kind) -> str:
    """Return a cell as it is printed: money in yuan with two places and separators, dates in ISO, nothing as —."""
    if value is None or value == "":
        return "—"
    if kind == "money" and isinstance(value, Decimal):
        return f"{value:,.2f}"
    return str(value)
