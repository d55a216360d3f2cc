"""Find tables on a page: by rulings, or, where there are none, by the columns under the headings."""

import itertools
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.evidence.reading.layout.cells import Cell, Layout
from app.evidence.reading.layout.page import Line, hull, join_runs, part_of
from app.evidence.reading.layout.pieces import Piece

_COLUMN_GAP = 0.8  # heights: a wider blank separates two columns of an unruled table
_NARROW = 0.3  # heights: so does a blank this narrow where the rows have a gutter
_NUMBER = re.compile(r"\d{6}")
_LONG = re.compile(r"\d{17}[\dXx]")  # an identity number: one per row
_ROWS = 2  # rows that suffice to find the column boundaries


@dataclass(slots=True)
class Column:
    """A column: the heading's text and its horizontal extent in the frame."""

    heading: str
    left: float
    right: float
    sharp: bool = False  # no row has a character at its left edge


@dataclass(slots=True)
class Row:
    """A row: the text of each column, by index."""

    cells: dict[int, Piece]
    top: float = 0.0  # of the row's band, in the frame
    bottom: float = 0.0

    def text(self, column: int | None) -> str:
        """Return the printed text of a column, "" when empty."""
        return self.cells[column].text if column is not None and column in self.cells else ""

    @property
    def piece(self) -> Piece:
        """Return the whole row."""
        pieces = list(self.cells.values())
        return Piece(" ".join(p.text for p in pieces), hull(p.box for p in pieces), min(p.score for p in pieces))


@dataclass(slots=True)
class Table:
    """Headings and rows, from top to bottom."""

    columns: list[Column]
    rows: list[Row]
    beside: bool = False  # text beside the ruled headings


def over_the_edge(last: Row, first: Row, number: int | None, holds: Callable[[str], bool]) -> bool:
    """Whether the first row of a page continues, or repeats, the last row of the page before; a continuation is merged
    into it.

    A divided row is recognised by its identity number (column `number`), valid only when both parts are joined, or by a
    complete first part and a second part without a person. A row cut through the middle is printed twice.
    """
    texts = [{i: "".join(p.text.split()) for i, p in row.cells.items()} for row in (last, first)]
    if texts[0] == texts[1] and len(texts[0]) > 2:
        return True
    a, b = (t.get(number, "") if number is not None else "" for t in texts)
    rest = not b and holds(a) and not any(i <= (number or 0) for i in texts[1]) and 2 * len(texts[1]) < len(texts[0])
    if not rest and not (b and not holds(a) and not holds(b) and holds(a + b)):
        return False
    for column, piece in first.cells.items():
        before = last.cells.get(column)
        last.cells[column] = (
            Piece(before.text + piece.text, before.box, min(before.score, piece.score))
            if before
            else Piece(piece.text, last.piece.box, piece.score)
        )
    return True


IsHeading = Callable[[list[str]], bool]


def find_tables(layout: Layout, is_heading: IsHeading, known: list[Column] | None = None) -> list[Table]:
    """Return the tables whose headings satisfy `is_heading`, from top to bottom; rows above the first headings of a
    following page belong to the columns `known` from before.
    """
    ruled = _ruled(layout, is_heading, known)
    if ruled and not any(table.beside for table in ruled):
        return ruled
    unruled = _unruled(layout, is_heading, known)
    if not ruled or (unruled and len(unruled[0].columns) > len(ruled[0].columns)):
        return unruled
    return ruled


def _ruled(layout: Layout, is_heading: IsHeading, known: list[Column] | None) -> list[Table]:
    bands = _bands(layout)
    heads = [index for index, band in enumerate(bands) if is_heading([c.chars for c in band])]
    tables = []
    above = bands[: heads[0]] if heads else bands
    if (
        known
        and above
        and (_same_columns(above, known, layout.unit) or (not heads and len(above[0]) >= len(known) - 2))
    ):
        tables.append(Table(known, _ruled_rows(known, above)))
    for index, end in itertools.pairwise((*heads, len(bands))):
        columns, used = _ruled_columns(bands, index)
        rows = _ruled_rows(columns, bands[index + used : end])
        tables += _side_by_side(Table(columns, rows, _beside(layout, bands[index])), is_heading)
    return tables


def _side_by_side(table: Table, is_heading: IsHeading) -> list[Table]:
    """Split a table that prints several lists side by side under the same headings."""
    first = table.columns[0].heading
    starts = [i for i, column in enumerate(table.columns) if column.heading == first]
    parts = list(itertools.pairwise((*starts, len(table.columns))))
    if len(parts) < 2 or not all(is_heading([c.heading for c in table.columns[a:b]]) for a, b in parts):
        return [table]
    return [
        Table(
            table.columns[a:b],
            [
                Row({i - a: cell for i, cell in row.cells.items() if a <= i < b}, row.top, row.bottom)
                for row in table.rows
                if any(a <= i < b for i in row.cells)
            ],
            table.beside,
        )
        for a, b in parts
    ]


def _beside(layout: Layout, band: list[Cell]) -> bool:
    """Whether text lies level with the headings outside the ruled cells: a ruling was missed."""
    top, bottom = band[0].box[1], max(cell.box[3] for cell in band)
    return any(top < (line.box[1] + line.box[3]) / 2 < bottom for line in layout.free)


def _same_columns(bands: list[list[Cell]], known: list[Column], unit: float) -> bool:
    """Whether nearly all cells lie in the columns of the page before: cells of a sparse row have no text and are not
    found.
    """
    slack, cells = 4 * unit, [cell for band in bands for cell in band]
    fit = sum(any(abs(c.box[0] - k.left) < slack and abs(c.box[2] - k.right) < slack for k in known) for c in cells)
    return fit >= max(4, 0.8 * len(cells))


def _bands(layout: Layout) -> list[list[Cell]]:
    """Group cells into bands with the same upper edge."""
    bands: list[list[Cell]] = []
    for cell in layout.cells:
        if bands and abs(bands[-1][0].box[1] - cell.box[1]) < 4 * layout.unit:
            bands[-1].append(cell)
        else:
            bands.append([cell])
    return [sorted(b, key=lambda c: c.box[0]) for b in bands]


def _ruled_columns(bands: list[list[Cell]], index: int) -> tuple[list[Column], int]:
    """Return the columns of the heading band; a second band under merged headings refines them. Also returns the number
    of bands used.
    """
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


def _ruled_rows(columns: list[Column], bands: list[list[Cell]]) -> list[Row]:
    rows = []
    body = [c for band in bands for c in band]
    for band in bands:
        middle = min((c.box[1] + c.box[3]) / 2 for c in band) if band else 0.0
        cells: dict[int, Piece] = {}
        for cell in (c for c in body if c.box[1] - 1 < middle < c.box[3] + 1):
            covered = [i for i, c in enumerate(columns) if cell.box[0] < (c.left + c.right) / 2 < cell.box[2]]
            cells |= _shared_out(cell, columns, covered)
        if cells:
            lowest = min(band, key=lambda c: c.box[3])
            rows += _one_a_number(Row(cells, lowest.box[1], lowest.box[3]))
    return rows


def _shared_out(cell: Cell, columns: list[Column], covered: list[int]) -> dict[int, Piece]:
    """Distribute a cell over the columns it covers: the same text in all where cells were merged, parts of it where a
    ruling between them was missed.
    """
    if len(covered) < 2:
        return {i: _piece(cell) for i in covered}
    found: dict[int, Piece] = {}
    edges = [columns[i].left for i in covered[1:]]
    for part in (part for line in cell.lines for part in _parts(line, edges)):
        middle = (part.box[0] + part.box[2]) / 2
        column = next((i for i in covered if columns[i].left <= middle < columns[i].right), covered[-1])
        found[column] = _join(found.get(column), part)
    return found if len(found) > 1 else {i: _piece(cell) for i in covered}


def _one_a_number(row: Row) -> list[Row]:
    """Split a row into several where the rulings between them were missed: a column then contains as many long numbers."""
    numbered = [
        p.lines for p in row.cells.values() if len(p.lines) > 1 and all(_LONG.search(ln.chars) for ln in p.lines)
    ]
    if not numbered:
        return [row]
    middles = sorted((line.box[1] + line.box[3]) / 2 for line in numbered[0])
    rows = [Row({}, row.top, row.bottom) for _ in middles]
    for column, piece in row.cells.items():
        for line in piece.lines:
            at = (line.box[1] + line.box[3]) / 2
            nearest = min(range(len(middles)), key=lambda i: abs(middles[i] - at))
            rows[nearest].cells[column] = _join(rows[nearest].cells.get(column), line)
    edges = [row.top, *((a + b) / 2 for a, b in itertools.pairwise(middles)), row.bottom]
    for one, (top, bottom) in zip(rows, itertools.pairwise(edges), strict=True):
        one.top, one.bottom = top, bottom
    return rows


def _piece(cell: Cell) -> Piece:
    return Piece(cell.raw, cell.ink, cell.score, True, tuple(cell.lines))


def _unruled(layout: Layout, is_heading: IsHeading, known: list[Column] | None) -> list[Table]:
    cut = [line for cell in layout.cells for line in cell.lines]
    lines = join_runs([*layout.free, *cut]) if cut else sorted(layout.free, key=lambda ln: ln.box[1])
    heads = [head for i, line in enumerate(lines) if (head := _unruled_heading(lines, i, line, is_heading))]
    tables = []
    for number, (index, columns, over) in enumerate(heads):
        end = heads[number + 1][0] if number + 1 < len(heads) else len(lines)
        body = [line for line in lines[index + 1 : end] if not any(line is other for other in over)]
        tables += _side_by_side(Table(columns, _unruled_rows(columns, body)), is_heading)
    return tables or ([Table(known, _unruled_rows(known, lines))] if known else [])


def _unruled_heading(
    lines: list[Line], index: int, line: Line, is_heading: IsHeading
) -> tuple[int, list[Column], list[Line]] | None:
    """Return the columns under a line of headings, and the lines that belong to it; None where the line is none."""
    coarse = _headings(line, [])
    if not is_heading([p.chars for p in coarse]) and "名" not in line.chars:
        return None
    over = [other for other in lines[index + 1 : index + 4] if _same_height(other, line)]  # headings that overlap
    body = [other for other in lines[index + 1 :] if other not in over]
    parts = _headings(line, gutters_of(body))
    if not is_heading([p.chars for p in parts]):
        parts = coarse
    parts = sorted([*parts, *over], key=lambda part: part.box[0])
    if not is_heading([p.chars for p in parts]):
        return None
    slack = 0.3 * line.height
    return index, _spread([Column(p.chars, p.box[0], p.box[2]) for p in parts], gutters_of(body), slack), over


def _same_height(line: Line, other: Line) -> bool:
    return abs(line.box[1] + line.box[3] - other.box[1] - other.box[3]) < 0.4 * other.height


def gutters_of(lines: list[Line]) -> list[tuple[float, float]]:
    """Return vertical strips without a character in any row, from left to right: rows are the lines with a long number."""
    rows = [line for line in lines if _NUMBER.search(line.chars)]
    if len(rows) < _ROWS:
        return []
    inked = sorted((box[0], box[2]) for line in rows for box in line.boxes)
    gutters, end = [(-math.inf, inked[0][0])], inked[0][1]
    for left, right in inked:
        if left > end:
            gutters.append((end, left))
        end = max(end, right)
    return [*gutters, (end, math.inf)]


def _parts(line: Line, edges: Iterable[float] = ()) -> list[Line]:
    """Split the line at wide blanks, and at edges."""
    wide = {i for i in range(1, len(line.boxes)) if line.gaps[i] > _COLUMN_GAP}
    middles = [(box[0] + box[2]) / 2 for box in line.boxes]
    cuts = sorted({0, len(line.boxes), *wide, *(bisect_left(middles, edge) for edge in edges)})
    return [part_of(line, a, b) for a, b in itertools.pairwise(cuts)]


def _headings(line: Line, gutters: list[tuple[float, float]]) -> list[Line]:
    """Return the parts of a line of headings, also divided by a narrow blank if it lies in a gutter of the rows: single
    characters spread over their column (姓 名) are one heading.
    """
    blanks = [
        (line.boxes[i - 1][2], line.boxes[i][0])
        for i in range(1, len(line.boxes))
        if _NARROW < line.gaps[i] <= _COLUMN_GAP
    ]
    edges = [edge for blank in blanks if (edge := _within(blank, gutters)) is not None]
    parts: list[Line] = []
    for part in _parts(line, edges):
        blank = (parts[-1].box[2], part.box[0]) if parts else (0.0, math.inf)
        near = blank[1] - blank[0] < 4 * line.height and _within(blank, gutters) is None
        if near and len(part.boxes) == 1 and len(parts[-1].boxes) == 1:
            parts[-1] = join_runs([parts[-1], part])[0]
        else:
            parts.append(part)
    return parts


def _within(blank: tuple[float, float], gutters: list[tuple[float, float]]) -> float | None:
    """Return a position in the blank, slightly widened, that lies in a gutter; None when rows fill it."""
    shared = ((max(blank[0], a), min(blank[1], b)) for a, b in gutters)
    return next(((a + b) / 2 for a, b in shared if b - a > 0), None)


def _spread(columns: list[Column], gutters: list[tuple[float, float]], slack: float) -> list[Column]:
    """Extend columns half-way to their neighbours, or to the gutter of the rows between their headings; cells may begin
    or end up to `slack` beside their heading.
    """
    for left, right in itertools.pairwise(columns):
        half = (left.right + right.left) / 2
        between = [(max(a, left.right - slack), min(b, right.left + slack)) for a, b in gutters]
        low, high = max(between, key=lambda g: g[1] - g[0], default=(half, half))
        if high > low:
            half, right.sharp = min(max(half, low), high), True
        left.right = right.left = half
    if columns:
        columns[0].left, columns[-1].right = -math.inf, math.inf
    return columns


def _unruled_rows(columns: list[Column], lines: list[Line]) -> list[Row]:
    """Return one row per line; a line with far fewer cells and nothing in front belongs to the nearer row, and one that
    is roughly level with the row above and fills other columns is the same row.
    """
    edges = [c.left for c in columns if c.sharp]
    sorted_cells = [(line, _cells_of(line, columns, edges if _NUMBER.search(line.chars) else [])) for line in lines]
    rows: list[Row] = []
    waiting: list[tuple[Line, dict[int, Piece]]] = []  # lines that are nearer to the row below
    for index, (line, cells) in enumerate(sorted_cells):
        if not cells:
            continue
        below = next((later for later in sorted_cells[index + 1 :] if later[1] and not _rest(later[1])), None)
        if _rest(cells) and below is not None and _nearer(line, cells, rows[-1] if rows else None, *below):
            waiting.append((line, cells))
        elif rows and ((_rest(cells) and _close_under(line, rows[-1])) or _level(cells, line, rows[-1])):
            _add(rows[-1], line, cells)
        else:
            rows.append(Row({}, line.box[1], line.box[3]))
            for before, some in (*waiting, (line, cells)):
                _add(rows[-1], before, some)
            waiting = []
    return rows


def _cells_of(line: Line, columns: list[Column], edges: list[float]) -> dict[int, Piece]:
    cells: dict[int, Piece] = {}
    for part in _parts(line, edges):
        middle = (part.box[0] + part.box[2]) / 2
        column = next((i for i, c in enumerate(columns) if c.left <= middle < c.right), None)
        if column is not None:
            cells[column] = _join(cells.get(column), part)
    return cells


def _add(row: Row, line: Line, cells: dict[int, Piece]) -> None:
    for column, piece in cells.items():
        before = row.cells.get(column)
        row.cells[column] = (
            Piece(before.text + piece.text, hull((before.box, piece.box)), min(before.score, piece.score))
            if before
            else piece
        )
    row.top, row.bottom = min(row.top, line.box[1]), max(row.bottom, line.box[3])


def _rest(cells: dict[int, Piece]) -> bool:
    """Whether the cells may continue another row: few, none in front; a note with a label (制表人：) does not."""
    noted = any(re.match(r"\s*[㐀-鿿]{2,8}[:：]", piece.text) for piece in cells.values())
    return min(cells) > 1 and len(cells) <= 2 and not noted


def _nearer(line: Line, cells: dict[int, Piece], above: Row | None, below: Line, others: dict[int, Piece]) -> bool:
    """Whether the line is adjacent to the line below and nearer to it than to the row above; if equally near, whether
    that line leaves its cells free.
    """
    gap = below.box[1] - line.box[3]
    nearer = 0.0 if above is None else line.box[1] - above.bottom - gap
    open_below = above is not None and cells.keys() <= above.cells.keys() and not cells.keys() & others.keys()
    return gap < 0.3 * line.height and (
        above is None or nearer > 0.2 * line.height or (open_below and nearer > -0.2 * line.height)
    )


def _close_under(line: Line, row: Row) -> bool:
    bottom, height = row.piece.box[3], max(p.box[3] - p.box[1] for p in row.cells.values())
    return line.box[1] - bottom < max(line.height, min(height, 2 * line.height))


def _level(cells: dict[int, Piece], line: Line, row: Row) -> bool:
    """Whether the line belongs to the same row, its cells set slightly higher or lower."""
    return not cells.keys() & row.cells.keys() and line.box[1] < row.bottom - 0.25 * line.height


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
