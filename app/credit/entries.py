"""A credit list file read: CSV of the contract's columns into entries, bad rows reported with line and reason."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.core.credit import ListEntry

COLUMNS = ("name", "uscc", "former_names", "kind", "from", "to", "reason", "document")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not imported: its line in the file (from 1) and why."""

    line: int
    reason: str


class ListUnreadable(ValueError):
    """A file that is no list at all."""


def read_entries(data: bytes) -> Iterator[ListEntry | BadRow]:
    """Entries and bad rows in file order; an entry's id is its line, `L12`. ListUnreadable for a wrong file or header."""
    rows = csv.reader(io.StringIO(_decode(data), newline=""), strict=True)
    try:
        header = [column.strip().lower() for column in next(rows, [])]
        _check(header)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _row(dict(zip(header, row, strict=False)), rows.line_num, len(row) == len(header))
    except csv.Error as error:
        raise ListUnreadable(f"not a CSV file (line {rows.line_num}): {error}") from None


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListUnreadable("a list is written in UTF-8 or GB18030")


def _check(header: list[str]) -> None:
    if "name" not in header or not set(header) <= set(COLUMNS) or len(set(header)) < len(header):
        raise ListUnreadable(f"the header names {', '.join(COLUMNS)}")


def _row(cells: dict[str, str], line: int, complete: bool) -> ListEntry | BadRow:
    if not complete:
        return BadRow(line, "the row has another number of columns than the header")
    text = {column: (cells.get(column) or "").strip() for column in COLUMNS}
    if any(len(value) > _LONGEST or "\x00" in value for value in text.values()):
        return BadRow(line, "a cell is too long or holds a NUL")
    if not text["name"] and not text["uscc"]:
        return BadRow(line, "neither name nor code")
    try:
        first, last = _day(text["from"]), _day(text["to"])
    except ValueError:
        return BadRow(line, "a date is written YYYY-MM-DD")
    if first and last and first > last:
        return BadRow(line, "`from` is after `to`")
    former = tuple(part for name in text["former_names"].split(";") if (part := name.strip()))
    return ListEntry(
        f"L{line}",
        text["name"],
        text["uscc"] or None,
        former,
        first,
        last,
        text["reason"] or None,
        text["document"] or None,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError("a date is written YYYY-MM-DD")
    return date.fromisoformat(text)
