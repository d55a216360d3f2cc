"""A row of a credit list: its eight cells as read and as stored, and the entry they state.

A row with a readable name or code is kept; `unread` names the columns with an unreadable value. A row with neither is
lost, and its snapshot is incomplete.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.core.credit.credit_record import ListEntry
from app.core.credit.names import LONGEST_NAME
from app.core.credit.other_names import names_in, separated
from app.core.values.id_spellings import mask_spellings
from app.evidence.credit.lists.characters import UNREAD, cleaned, is_plain
from app.evidence.credit.lists.codes import Codes, codes_of
from app.evidence.credit.lists.dates import period_of

COLUMNS = ("name", "uscc", "former_names", "kind", "from", "to", "reason", "document")
_LONGEST = 2000
SHORTEST_NUMBER = 15  # digits of an ID number of the former kind
_NAME, _CODE, _FORMER, _KIND, _FROM, _TO, _REASON, _DOCUMENT = range(len(COLUMNS))
_UNREAD = len(COLUMNS)  # of a stored row: the columns that could not be read
SEPARATOR = "\x1f"  # separates the cells of a stored row; `cleaned` leaves none in a cell
NOTHING_READ = "neither name nor code can be read"

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row not read completely: its line in the file (from 1) and the reason; `is_kept`: its entry is in the snapshot."""

    line: int
    reason: str
    is_kept: bool = False


class ListUnreadable(ValueError):
    """A file that cannot be read as a list."""


class Stored:
    """A row as stored: one line of cells for each code in it, and the columns that could not be read."""

    __slots__ = ("rows", "unread")

    def __init__(self, rows: list[list[str]], unread: tuple[str, ...] = ()) -> None:
        self.rows = rows
        self.unread = unread

    @property
    def remark(self) -> str:
        """Name what could not be read; empty for a row read completely."""
        return f"not readable: {', '.join(self.unread)}" if self.unread else ""


def stored(cells: Cells) -> Stored | None:
    """Return a row as stored; None where neither name nor code can be read. Cells are in the order of COLUMNS."""
    joined = "".join(cells)
    if not is_plain(joined):
        cells = [cleaned(cell) for cell in cells]
    unread = [COLUMNS[_KIND]] if cells[_KIND] == UNREAD else []
    name, former = _names(cells, unread)
    codes = _codes(cells, name, unread)
    if not name and not codes.codes:
        return None
    period = period_of(cells[_FROM], cells[_TO])
    unread += period.unread
    row = [
        name,
        codes.codes[0] if codes.codes else codes.other,
        former,
        cells[_KIND] if cells[_KIND] != UNREAD else "",
        period.first.isoformat() if period.first else "",
        period.last.isoformat() if period.last else "",
        *(_short(cell) for cell in cells[_REASON:]),
        ",".join(unread),
    ]
    rows = [row, *([name, code, *row[2:]] for code in codes.codes[1:])]
    return Stored(rows, tuple(unread))


def _names(cells: Cells, unread: list[str]) -> tuple[str, str]:
    """Return the name, and the former names joined by `;`."""
    name, former = cells[_NAME], cells[_FORMER]
    others: tuple[str, ...] = ()
    if name == UNREAD or len(name) > 2 * LONGEST_NAME:
        name = ""
        unread.append(COLUMNS[_NAME])
    elif name:
        name, others = names_in(name)
        if "\n" in name or "\r" in name:
            name = "".join(name.split())
        if len(name) > LONGEST_NAME:
            name = ""
            unread.append(COLUMNS[_NAME])
    if former == UNREAD:
        unread.append(COLUMNS[_FORMER])
        former = ""
    if not former and not others:
        return name, ""
    kept = [one for one in (*separated(former), *others) if one != name]
    if any(len(one) > LONGEST_NAME for one in kept):
        unread.append(COLUMNS[_FORMER])
    return name, ";".join(dict.fromkeys(one for one in kept if len(one) <= LONGEST_NAME))


def _codes(cells: Cells, name: str, unread: list[str]) -> Codes:
    if cells[_CODE] == UNREAD:
        unread.append(COLUMNS[_CODE])
        return Codes(())
    found = codes_of(cells[_CODE], name) if cells[_CODE] else Codes(())
    if found.is_unread:
        unread.append(COLUMNS[_CODE])
    return found


def _short(cell: str) -> str:
    return "" if cell == UNREAD else cell[:_LONGEST]


def entry_of(number: str, cells: Cells) -> ListEntry:
    """Return the entry of a stored row; its id is `L` and its number, the line in the file (`12`; `12-2` for its second
    code). ID numbers of persons that a list prints in a text are masked: it never needs them in full (个人信息保护法
    第六条).
    """
    return ListEntry(
        f"L{number}",
        _masked(cells[_NAME]),
        cells[_CODE] or None,
        tuple(_masked(cells[_FORMER]).split(";")) if cells[_FORMER] else (),
        _iso(cells[_FROM]),
        _iso(cells[_TO]),
        _masked(cells[_REASON]) or None,
        _masked(cells[_DOCUMENT]) or None,
        cells[_KIND] or None,
        tuple(cells[_UNREAD].split(",")) if cells[_UNREAD] else (),
    )


def _masked(text: str) -> str:
    return text if len(text) < SHORTEST_NUMBER else mask_spellings(text)


def numbered(line: int, row: Stored) -> Iterator[tuple[str, list[str]]]:
    """Number the stored rows of a line."""
    for place, cells in enumerate(row.rows, 1):
        yield (str(line) if place == 1 else f"{line}-{place}"), cells


def entries(rows: Iterable[tuple[int, Cells | str]]) -> Iterator[ListEntry | BadRow]:
    """Yield rows from a file (cells, or why they could not be read) as entries and incomplete rows."""
    for line, cells in rows:
        if isinstance(cells, str):
            yield BadRow(line, cells)
        elif (row := stored(cells)) is None:
            yield BadRow(line, NOTHING_READ)
        else:
            yield from (entry_of(number, one) for number, one in numbered(line, row))
            if row.unread:
                yield BadRow(line, row.remark, is_kept=True)


@lru_cache(maxsize=65536)
def _iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
