"""A row of a credit list: its eight cells, what makes it a bad one, the entry it becomes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.core.credit.credit_record import ListEntry
from app.core.credit.names import LONGEST_NAME

COLUMNS = ("name", "uscc", "former_names", "kind", "from", "to", "reason", "document")
_LONGEST = 2000
_NAME, _CODE, _FORMER, _KIND, _FROM, _TO, _REASON, _DOCUMENT = range(len(COLUMNS))
SEPARATOR = "\x1f"  # between the cells of a stored row; no cell may hold it

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not imported: its line in the file (from 1) and why."""

    line: int
    reason: str


class ListUnreadable(ValueError):
    """A file that is no list at all."""


def fault(cells: Cells) -> str | None:
    """Why a row cannot be imported; None where it can. Cells are in the order of COLUMNS, without white space around them."""
    joined = "".join(cells)
    if not joined.isprintable() and (fault := _unreadable(cells)):
        return fault
    if len(joined) > _LONGEST and max(map(len, cells)) > _LONGEST:
        return f"a cell is longer than {_LONGEST} characters"
    if not cells[_NAME] and not cells[_CODE]:
        return "neither name nor code"
    if len(cells[_NAME]) > LONGEST_NAME:
        return f"the name is longer than {LONGEST_NAME} characters"
    if cells[_FROM] or cells[_TO]:
        return _dates_fault(cells[_FROM], cells[_TO])
    return None


def _unreadable(cells: Cells) -> str | None:
    if any("\x00" in cell or SEPARATOR in cell for cell in cells):
        return "a cell holds a NUL or another control character"
    if any("\ud800" <= character <= "\udfff" for cell in cells for character in cell):
        return "a cell holds half a character"
    return None


def _dates_fault(first_text: str, last_text: str) -> str | None:
    try:
        first, last = day_of(first_text), day_of(last_text)
    except ValueError:
        return "a date is written YYYY-MM-DD"
    return "`from` is after `to`" if first and last and first > last else None


def entry_of(line: int, cells: Cells) -> ListEntry:
    """The entry of a row without fault; its id is its line, `L12`."""
    return ListEntry(
        f"L{line}",
        cells[_NAME],
        cells[_CODE] or None,
        former_names(cells),
        day_of(cells[_FROM]),
        day_of(cells[_TO]),
        cells[_REASON] or None,
        cells[_DOCUMENT] or None,
        cells[_KIND] or None,
    )


def former_names(cells: Cells) -> tuple[str, ...]:
    """Former names, separated by `;`."""
    if not cells[_FORMER]:
        return ()
    return tuple(part for name in cells[_FORMER].split(";") if (part := name.strip()))


def entries(rows: Iterable[tuple[int, Cells | str]]) -> Iterator[ListEntry | BadRow]:
    """Rows as they come from a file (cells, or why they could not be read) as entries and bad rows."""
    for line, cells in rows:
        reason = cells if isinstance(cells, str) else fault(cells)
        yield BadRow(line, reason) if reason else entry_of(line, cells)


@lru_cache(maxsize=65536)
def day_of(text: str) -> date | None:
    """`2017-05-31`; empty is none. ValueError for anything else."""
    if not text:
        return None
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError("a date is written YYYY-MM-DD")
    return date.fromisoformat(text)
