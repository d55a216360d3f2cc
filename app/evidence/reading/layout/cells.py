"""Grids: assign each piece of text to its ruled cell, so that label and value cells are distinguished however they
wrap.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice, product

from app.evidence.reading.layout.page import Box, Line, Page, Ruling, hull, split_line

_TOUCH = 4.0  # rulings whose ends are within this distance meet
_WHOLE_PAGE = 0.55
_NEAREST = 3  # rulings on each side that may close a cell


@dataclass(slots=True)
class Cell:
    """A ruled cell and the lines of text in it."""

    box: Box
    lines: list[Line] = field(default_factory=list)

    @property
    def chars(self) -> str:
        """Return the text of all lines, joined."""
        return "".join(line.chars for line in self.lines)

    @property
    def raw(self) -> str:
        """Return the text as printed, joined."""
        return "".join(line.text() for line in self.lines)

    @property
    def ink(self) -> Box:
        """Return the box around the text."""
        return hull(line.box for line in self.lines)

    @property
    def score(self) -> float:
        """Return the lowest recognition score in the cell."""
        return min(line.score for line in self.lines)


@dataclass(slots=True)
class Layout:
    """A page cut along its rulings: cells with text, and the lines outside cells."""

    cells: list[Cell]
    free: list[Line]

    def right_of(self, cell: Cell) -> Cell | None:
        """Return the nearest cell with text to the right in the same row."""
        beside = [
            c for c in self.cells if c.box[0] >= cell.box[2] - _TOUCH * self.unit and _share(c.box, cell.box, 1) > 0.5
        ]
        return min(beside, key=lambda c: c.box[0], default=None)

    def below(self, cell: Cell) -> Cell | None:
        """Return the nearest cell with text below in the same column."""
        under = [
            c for c in self.cells if c.box[1] >= cell.box[3] - _TOUCH * self.unit and _share(c.box, cell.box, 0) > 0.5
        ]
        return min(under, key=lambda c: c.box[1], default=None)

    unit: float = 1.0


def _share(a: Box, b: Box, axis: int) -> float:
    """Return the fraction of the shorter side that the two boxes share along the axis (0 across, 1 down)."""
    overlap = min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis])
    return overlap / max(1e-6, min(a[axis + 2] - a[axis], b[axis + 2] - b[axis]))


def lay_out(page: Page) -> Layout:
    """Cut the page's lines at vertical rulings and sort the pieces into cells."""
    unit = max(page.width, page.height) / 842
    if len(page.vertical) < 2 or not _ruled_within(page):
        return Layout([], list(page.lines), unit)
    grid = _Grid(page, unit)
    cells: dict[Box, Cell] = {}
    free: list[Line] = []
    for line in page.lines:
        for piece in split_line(line, grid.cuts(line)):
            box = grid.cell_of(piece.box)
            if box is None:
                free.append(piece)
            else:
                cells.setdefault(box, Cell(box)).lines.append(piece)
    if len(cells) < 2:
        return Layout([], list(page.lines), unit)
    return Layout(sorted(cells.values(), key=lambda c: (c.box[1], c.box[0])), _rejoin(free), unit)


def _ruled_within(page: Page) -> bool:
    """Whether any horizontal ruling runs between lines of text: a frame around the page makes no grid."""
    if not page.lines:
        return False
    first, last = min(line.box[3] for line in page.lines), max(line.box[1] for line in page.lines)
    return any(first <= ruling.y0 <= last for ruling in page.horizontal)


def _rejoin(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda ln: (ln.box[1], ln.box[0]))


class _Grid:
    def __init__(self, page: Page, unit: float) -> None:
        self.touch = _TOUCH * unit
        self.area = page.width * page.height
        self.vertical = sorted(_joined(page.vertical, self.touch, upright=True), key=lambda r: r.x0)
        self.horizontal = sorted(_joined(page.horizontal, self.touch, upright=False), key=lambda r: r.y0)
        self._drop_loose()
        self.columns = [r.x0 for r in self.vertical]
        self.rows = [r.y0 for r in self.horizontal]

    def _drop_loose(self) -> None:
        """Remove verticals that end on no horizontal: strokes of seals and letters."""
        self.vertical = [v for v in self.vertical if self._meets(v, v.y0) and self._meets(v, v.y1)]

    def _meets(self, vertical: Ruling, end: float) -> bool:
        return any(abs(h.y0 - end) < 2 * self.touch and self._spans(h.x0, h.x1, vertical.x0) for h in self.horizontal)

    def cuts(self, line: Line) -> list[int]:
        """Return indexes of characters separated from their predecessor by a vertical ruling."""
        middle = (line.box[1] + line.box[3]) / 2
        first, last = bisect_left(self.columns, line.box[0]), bisect_left(self.columns, line.box[2])
        places = []
        for ruling in self.vertical[first:last]:
            if ruling.y0 - self.touch <= middle <= ruling.y1 + self.touch:
                middles = [(b[0] + b[2]) / 2 for b in line.boxes]
                places.append(bisect_left(middles, ruling.x0))
        return places

    def cell_of(self, box: Box) -> Box | None:
        """Return the smallest cell around the box that is ruled on all four sides, or None; stray lines in it are
        ignored.
        """
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        at, level = bisect_left(self.columns, x), bisect_left(self.rows, y)
        lefts, rights = self._beside(self.vertical[:at][::-1], y), self._beside(self.vertical[at:], y)
        tops, bottoms = self._over(self.horizontal[:level][::-1], x), self._over(self.horizontal[level:], x)
        for left, right, top, bottom in product(lefts, rights, tops, bottoms):
            cell = (left.x0, top.y0, right.x0, bottom.y0)
            if self._closed(cell, left, right, top, bottom):
                return cell if (cell[2] - cell[0]) * (cell[3] - cell[1]) < _WHOLE_PAGE * self.area else None
        return None

    def _beside(self, rulings: list[Ruling], y: float) -> list[Ruling]:
        """Return the first three verticals that span the height."""
        low, high = y - self.touch, y + self.touch
        return list(islice((r for r in rulings if r.y0 <= high and low <= r.y1), _NEAREST))

    def _over(self, rulings: list[Ruling], x: float) -> list[Ruling]:
        """Return the first three horizontals that span the horizontal position."""
        low, high = x - self.touch, x + self.touch
        return list(islice((r for r in rulings if r.x0 <= high and low <= r.x1), _NEAREST))

    def _closed(self, cell: Box, left: Ruling, right: Ruling, top: Ruling, bottom: Ruling) -> bool:
        across = all(self._covers(r.x0, r.x1, cell[0], cell[2]) for r in (top, bottom))
        return across and all(self._covers(r.y0, r.y1, cell[1], cell[3]) for r in (left, right))

    def _spans(self, start: float, end: float, at: float) -> bool:
        return start - self.touch <= at <= end + self.touch

    def _covers(self, start: float, end: float, a: float, b: float) -> bool:
        slack = self.touch + 0.03 * (b - a)
        return start <= a + slack and end >= b - slack


def _joined(rulings: list[Ruling], touch: float, *, upright: bool) -> list[Ruling]:
    """Join pieces of one straight line: printers draw a table's lines cell by cell."""
    keyed = sorted(((r.x0, r.y0, r.y1) if upright else (r.y0, r.x0, r.x1)) for r in rulings)
    groups: list[list[tuple[float, float, float]]] = []
    for item in keyed:
        if groups and item[0] - groups[-1][0][0] <= touch / 2:
            groups[-1].append(item)
        else:
            groups.append([item])
    out: list[Ruling] = []
    for group in groups:
        at = sum(g[0] for g in group) / len(group)
        start, end = None, 0.0
        for _, a, b in sorted(group, key=lambda g: g[1]):
            if start is None:
                start, end = a, b
            elif a <= end + touch:
                end = max(end, b)
            else:
                out.append(_ruling(at, start, end, upright))
                start, end = a, b
        if start is not None:
            out.append(_ruling(at, start, end, upright))
    return out


def _ruling(at: float, start: float, end: float, upright: bool) -> Ruling:
    return Ruling(at, start, at, end) if upright else Ruling(start, at, end, at)
