"""Tables on a page: by their rulings, or, where there are none, by the columns that the headings stand over."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

from app.documents.cells import Cell, Layout
from app.documents.labels import Piece
from app.documents.page import Line, hull, join_runs, part_of

_COLUMN_GAP = 0.8  # heights: a wider blank parts two columns of an unruled table


@dataclass(slots=True)
class Column:
    """A column: the heading's text and the width it takes, in the frame."""

    heading: str
    left: float
    right: float


@dataclass(slots=True)
class Row:
    """A row: what stands in each column, by index."""

    cells: dict[int, Piece]
    top: float = 0.0  # of the band that the row takes, in the frame
    bottom: float = 0.0

    def text(self, column: int | None) -> str:
        """The printed text of a column, blank when empty."""
        return self.cells[column].text if column is not None and column in self.cells else ""

    @property
    def piece(self) -> Piece:
        """The whole row."""
        pieces = list(self.cells.values())
        return Piece(" ".join(p.text for p in pieces), hull(p.box for p in pieces), min(p.score for p in pieces))


@dataclass(slots=True)
class Table:
    """Headings and rows, from top to bottom."""

    columns: list[Column]
    rows: list[Row]


IsHeading = Callable[[list[str]], bool]


def find_table(layout: Layout, is_heading: IsHeading, known: list[Column] | None = None) -> Table | None:
    """The table whose headings satisfy `is_heading`; on a following page without headings the columns `known` from before hold."""
    return _ruled(layout, is_heading, known) or _unruled(layout, is_heading, known)


def _ruled(layout: Layout, is_heading: IsHeading, known: list[Column] | None) -> Table | None:
    bands = _bands(layout)
    for index, band in enumerate(bands):
        if is_heading([c.chars for c in band]):
            columns, used = _ruled_columns(bands, index)
            return Table(columns, _ruled_rows(layout, columns, bands[index + used :]))
    if known and bands and (len(bands[0]) >= len(known) - 2 or _same_columns(layout, known)):
        return Table(known, _ruled_rows(layout, known, bands))
    return None


def _same_columns(layout: Layout, known: list[Column]) -> bool:
    """Whether nearly all cells stand in the columns of the page before: cells of a sparse row have no text, and are not seen."""
    slack = 4 * layout.unit
    fit = sum(
        any(abs(c.box[0] - k.left) < slack and abs(c.box[2] - k.right) < slack for k in known) for c in layout.cells
    )
    return fit >= max(4, 0.8 * len(layout.cells))


def _bands(layout: Layout) -> list[list[Cell]]:
    """Cells sorted into bands of the same upper edge."""
    bands: list[list[Cell]] = []
    for cell in layout.cells:
        if bands and abs(bands[-1][0].box[1] - cell.box[1]) < 4 * layout.unit:
            bands[-1].append(cell)
        else:
            bands.append([cell])
    return [sorted(b, key=lambda c: c.box[0]) for b in bands]


def _ruled_columns(bands: list[list[Cell]], index: int) -> tuple[list[Column], int]:
    """Columns of the heading band; a second band under merged headings refines them. Gives the number of bands used."""
    top = bands[index]
    floor = max(c.box[3] for c in top)
    lower = [
        c for band in bands[index + 1 : index + 3] for c in band if c.box[3] <= floor + 1 and c.box[1] > top[0].box[1]
    ]
    columns = []
    for cell in top:
        parts = [c for c in lower if cell.box[0] - 2 <= c.box[0] and c.box[2] <= cell.box[2] + 2]
        columns += [Column(cell.chars + p.chars, p.box[0], p.box[2]) for p in parts] or [
            Column(cell.chars, cell.box[0], cell.box[2])
        ]
    used = 1 + sum(1 for band in bands[index + 1 : index + 3] if any(c is part for c in band for part in lower))
    return columns, used


def _ruled_rows(layout: Layout, columns: list[Column], bands: list[list[Cell]]) -> list[Row]:
    rows = []
    body = [c for band in bands for c in band]
    for band in bands:
        middle = min((c.box[1] + c.box[3]) / 2 for c in band) if band else 0.0
        covering = [c for c in body if c.box[1] - 1 < middle < c.box[3] + 1]
        cells = {
            i: _piece(c)
            for i, column in enumerate(columns)
            for c in covering
            if c.box[0] < (column.left + column.right) / 2 < c.box[2]
        }
        if cells:
            lowest = min(band, key=lambda c: c.box[3])
            rows.append(Row(cells, lowest.box[1], lowest.box[3]))
    return rows


def _piece(cell: Cell) -> Piece:
    return Piece(cell.raw, cell.ink, cell.score, True, tuple(cell.lines))


def _unruled(layout: Layout, is_heading: IsHeading, known: list[Column] | None) -> Table | None:
    cut = [line for cell in layout.cells for line in cell.lines]
    lines = join_runs([*layout.free, *cut]) if cut else sorted(layout.free, key=lambda ln: ln.box[1])
    for index, line in enumerate(lines):
        parts = _headings(line)
        if is_heading([p.chars for p in parts]):
            columns = _spread([Column(p.chars, p.box[0], p.box[2]) for p in parts])
            return Table(columns, _unruled_rows(columns, lines[index + 1 :]))
    return Table(known, _unruled_rows(known, lines)) if known else None


def _parts(line: Line) -> list[Line]:
    cuts = [0, *(i for i in range(1, len(line.boxes)) if line.gaps[i] > _COLUMN_GAP), len(line.boxes)]
    return [part_of(line, a, b) for a, b in itertools.pairwise(cuts)]


def _headings(line: Line) -> list[Line]:
    """The parts of a line of headings: single characters spread over their column (姓　名) are one heading."""
    parts: list[Line] = []
    for part in _parts(line):
        near = parts and part.box[0] - parts[-1].box[2] < 4 * line.height
        if near and len(part.boxes) == 1 and len(parts[-1].boxes) == 1:
            parts[-1] = join_runs([parts[-1], part])[0]
        else:
            parts.append(part)
    return parts


def _spread(columns: list[Column]) -> list[Column]:
    """Columns reach half-way to their neighbours."""
    for left, right in itertools.pairwise(columns):
        left.right = right.left = (left.right + right.left) / 2
    if columns:
        columns[0].left, columns[-1].right = -math.inf, math.inf
    return columns


def _unruled_rows(columns: list[Column], lines: list[Line]) -> list[Row]:
    """One row a line; a line with far fewer cells and nothing in front wraps the row above."""
    rows: list[Row] = []
    for line in lines:
        cells: dict[int, Piece] = {}
        for part in _parts(line):
            middle = (part.box[0] + part.box[2]) / 2
            column = next((i for i, c in enumerate(columns) if c.left <= middle < c.right), None)
            if column is not None:
                cells[column] = _join(cells.get(column), part)
        if cells and rows and min(cells) > 1 and len(cells) <= 2 and line.box[1] - rows[-1].piece.box[3] < line.height:
            for column, piece in cells.items():
                before = rows[-1].cells.get(column)
                rows[-1].cells[column] = (
                    Piece(before.text + piece.text, hull((before.box, piece.box)), min(before.score, piece.score))
                    if before
                    else piece
                )
        elif cells:
            rows.append(Row(cells, line.box[1], line.box[3]))
    return rows


def _join(before: Piece | None, part: Line) -> Piece:
    if before is None:
        return Piece(part.text(), part.box, part.score, True, (part,))
    return Piece(
        before.text + " " + part.text(),
        hull((before.box, part.box)),
        min(before.score, part.score),
        True,
        (*before.lines, part),
    )
