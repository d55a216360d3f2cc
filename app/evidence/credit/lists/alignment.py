"""Align the rows of a table with the columns of its header: short, long, repeated and closing rows."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from app.core.values.identity import parse_uscc
from app.evidence.credit.lists.characters import UNREAD
from app.evidence.credit.lists.entries import COLUMNS, ListUnreadable
from app.evidence.credit.lists.header import TITLE_ROWS, Columns, heading
from app.evidence.credit.lists.mapping import ColumnMapping

_CODE, _FROM, _TO = (COLUMNS.index(column) for column in ("uscc", "from", "to"))
_REASON = COLUMNS.index("reason")
_MOST_DIGITS = 10**15  # a workbook keeps 15 digits of a number
_CLOSING = re.compile(  # a closing line after the last row of an export
    r"(?:合计|总计|小计|共\s*[0-9]+\s*[条家户个项]|第\s*[0-9]+\s*页|制表|填表|导出[时日]|打印[时日]|查询[时日]|数据来源|"
    r"(?:备注|说明|注|声明|来源)\s*[::：])"
)


class HeaderMissing(ListUnreadable):
    """None of the first rows is a known header."""


class Alignment:
    """How the rows below a header become cells in the order of COLUMNS."""

    def __init__(self, columns: Columns, mapping: ColumnMapping, header: Sequence[object]) -> None:
        self._columns = columns
        self._mapping = mapping
        self._header = [heading(cell) for cell in header]

    def is_no_entry(self, row: Sequence[str]) -> bool:
        """Whether a row is empty, a closing line (合计, 导出时间 …), or the header repeated."""
        filled = [cell for cell in row if cell and not cell.isspace()]
        if not filled:
            return True
        if len(filled) == 1:
            return _CLOSING.match(filled[0].strip()) is not None
        return bool(self._header) and heading(row[0]) == self._header[0] and [*map(heading, row)] == self._header

    def cells(self, row: Sequence[str]) -> list[str]:
        """Return the cells of a row; UNREAD for those made ambiguous by a row of another width than the header."""
        width, positions = self._columns.width, self._columns.positions
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            row = row[:width]
        cells = [self._cell(row, column, place) for column, place in enumerate(positions)]
        if len(row) > width:
            cells[_FROM] = cells[_TO] = UNREAD
            if not parse_uscc(cells[_CODE]):
                cells[_CODE] = ";".join(cell.strip() for cell in row if parse_uscc(cell)) or cells[_CODE]
        return self._mapping.rewritten(self._columns, cells)

    @staticmethod
    def _cell(row: Sequence[str], column: int, place: int) -> str:
        if place < 0:
            return ""
        if place >= len(row):
            return UNREAD if column < _REASON else ""
        return row[place].strip()


class Located(NamedTuple):
    """The header of a table: its row among those searched (from 0), its columns, how the rows below are read."""

    row: int
    columns: Columns
    align: Alignment


def locate(rows: Sequence[Sequence[str]], mapping: ColumnMapping) -> Located:
    """Find the header in the first rows of a table, below titles. HeaderMissing states what was found instead."""
    refusals: list[tuple[int, ListUnreadable]] = []
    for place, row in enumerate(rows[:TITLE_ROWS]):
        if not any(cell.strip() for cell in row):
            continue
        try:
            columns = mapping.locate(row)
        except ListUnreadable as error:
            refusals.append((sum(bool(cell.strip()) for cell in row), error))
        else:
            return Located(place, columns, Alignment(columns, mapping, row))
    if not refusals:
        raise HeaderMissing("the table is empty")
    wordiest = max(filled for filled, _ in refusals)  # titles fill one cell, headers many
    raise HeaderMissing(str(next(error for filled, error in refusals if filled == wordiest)))


def cell_text(cell: object) -> str:
    """Return a cell of a workbook, a Parquet file or a JSON object as text; UNREAD where digits were lost or it is no
    value.
    """
    if cell is None or isinstance(cell, str):
        return (cell or "").strip()
    if isinstance(cell, date):
        return cell.date().isoformat() if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, list):
        return ";".join(map(cell_text, cell))
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not abs(cell) < _MOST_DIGITS:
        return UNREAD
    return str(int(cell)) if cell == cell // 1 else repr(cell)
