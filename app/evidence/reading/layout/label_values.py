"""Locate the value of a label: in its line, in the lines below, or in lines vertically centred on the label."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.evidence.reading.layout.page import Box, Line
from app.evidence.reading.layout.pieces import Piece, Span, compiled, piece_of
from app.evidence.reading.text.dates import BARE_DATE

END_GAP = 2.2  # in heights: a wider blank ends a value
_APART = 2.0  # a wider blank sets the value in a column of its own
_DASHES = "至到-~—–"
_ANOTHER_LABEL = re.compile(
    r"(?!一般|许可|前置)[㐀-鿿()/]{2,14}:"
)  # an unknown label; licences divide their scope with such labels


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field and the wordings of its label, separated by blanks; `many_lines`: the value may wrap; `wide`: blanks do
    not end it; `like`: a pattern of other wordings, accepted before a colon, before a wide blank and alone in a cell;
    `proved`: the value has a check, so text below the label is tried as well.
    """

    field: str
    labels: str
    many_lines: bool = False
    wide: bool = False
    like: str = ""
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A label in a line: its characters [start, end), and where its value may begin."""

    field: str | None
    line: int
    start: int
    end: int
    value: int
    strong: bool


class Values:
    """The values beside, below and around the labels found in lines."""

    def __init__(self, lines: list[Line], hits: list[list[Hit]]) -> None:
        self.lines, self.hits = lines, hits
        self.blocks = dict(self._blocks())
        self.taken = {id(line): at for at, block in self.blocks.items() for line, _, _ in block}

    def of(self, hit: Hit, stop: int | None, wanted: Wanted) -> Iterator[Piece]:
        """Return the candidate values of a label, the most likely first; `stop` is where another label begins in its
        line.
        """
        line = self.lines[hit.line]
        if hit.line in self.blocks and hit is self.hits[hit.line][0] and wanted.many_lines:
            yield piece_of(self.blocks[hit.line], hit.strong)
            return
        end = _value_end(line, hit, stop, wide=wanted.wide)
        colon = line.chars[hit.value - 1] == ":"
        if end > hit.value:
            spans = [(line, hit.value, end)]
            if wanted.many_lines and end == (len(line.boxes) if stop is None else stop):
                spans += self._continued(hit, stop, wide=wanted.wide)
            yield piece_of(spans, hit.strong)
        if (end <= hit.value and not (colon and stop is not None)) or (wanted.proved and not colon):
            yield from self._below(hit, wanted)

    def _continued(self, hit: Hit, stop: int | None, *, wide: bool, below: bool = False) -> list[Span]:
        """Return lines below that continue the value: aligned with its beginning or with the label, without a label of
        their own, and no date unless the value is one.
        """
        first = self.lines[hit.line]
        value_x, label_x, height = first.boxes[hit.value][0], first.boxes[hit.start][0], first.height
        edge: float | None = None
        starts = (value_x, label_x if first.gaps[hit.value] < _APART else value_x)
        spans: list[Span] = []
        last_box, last_y = first.hull(hit.value, stop), _middle(first)
        for offset, line in enumerate(self.lines[hit.line + 1 :], hit.line + 1):
            if not wide and compiled(BARE_DATE).fullmatch(line.chars):
                break
            if _middle(line) - last_y > 2.3 * height or self.taken.get(id(line), hit.line) != hit.line:
                break
            if edge is None:
                edge = self._right_edge(hit.line, value_x, height)
            under = value_x - label_x > 2 * height and abs(line.boxes[0][0] - value_x) < height
            full = last_box[2] - value_x > 0.5 * (edge - value_x) if under else last_box[2] >= edge - 3.2 * height
            if stop is not None and not spans and not under and not below:
                full = first.gaps[stop] < _APART  # otherwise the value ended before the next label's column
            if not full:
                break
            if _ANOTHER_LABEL.match(line.chars) and abs(line.boxes[0][0] - label_x) < abs(line.boxes[0][0] - value_x):
                break
            place = _starting_at(line, starts, height)
            if place is None and wide and not spans and _broken(first, stop, line):
                place = _starting_at(line, (line.boxes[0][0],), height)
            if place is None:
                if _shares_columns(line, last_box):
                    break
                continue
            place = self._before_label(offset, place)
            if any(h.start <= place[0] for h in self.hits[offset]) or not _alike(line, first):
                break
            if not under and len(self.hits[offset]) != 1 and sum(i > place[0] for i in line.blanks(END_GAP)) > 1:
                break  # a line of a table
            spans.append((line, *place))
            last_box, last_y = line.hull(*place), _middle(line)
        return spans

    def _before_label(self, index: int, place: tuple[int, int]) -> tuple[int, int]:
        """Return a piece of a line up to the next label in it, which begins another column."""
        return place[0], min([h.start for h in self.hits[index] if h.start > place[0]], default=place[1])

    def _right_edge(self, first: int, value_x: float, height: float) -> float:
        """Return where full lines of this column end: the rightmost end of a piece that begins at the value."""
        edge = 0.0
        for index, line in enumerate(self.lines[first : first + 12], first):
            place = _starting_at(line, (value_x,), height)
            if place:
                edge = max(edge, line.boxes[self._before_label(index, place)[1] - 1][2])
        return edge

    def _below(self, hit: Hit, wanted: Wanted) -> Iterator[Piece]:
        """Return the value under a label, unless the next line contains a label there."""
        label = self.lines[hit.line].hull(hit.start, hit.end)
        height = self.lines[hit.line].height
        for offset, line in enumerate(self.lines[hit.line + 1 : hit.line + 4], hit.line + 1):
            if line.box[1] - label[3] > 1.6 * height:
                return
            place = _starting_at(line, (label[0],), height) or _centred_under(line, label)
            if place and not any(h.start < place[1] and place[0] < h.end for h in self.hits[offset]):
                spans = [(line, *place)]
                if wanted.many_lines:
                    under = replace(hit, line=offset, start=place[0], value=place[0])
                    stop = place[1] if place[1] < len(line.boxes) else None
                    spans += self._continued(under, stop, wide=False, below=True)
                yield piece_of(spans, strong=False)
                return

    def _blocks(self) -> Iterator[tuple[int, list[Span]]]:
        """Find values of several lines vertically centred on their label, as in cells without rulings: by the label's
        line.
        """
        for index, hits in enumerate(self.hits):
            if len(hits) == 1 and hits[0].start == 0:
                block = self._block(index, hits[0])
                if block:
                    yield index, block

    def _block(self, index: int, hit: Hit) -> list[Span] | None:
        line = self.lines[index]
        alone = hit.value >= len(line.boxes)
        label_end = line.boxes[hit.end - 1][2]
        above, below = self._column(index, -1, label_end), self._column(index, 1, label_end)
        if not above or not below:
            return None
        left = line.boxes[hit.value][0] if not alone else below[0].boxes[0][0]
        pitch = _middle(below[0]) - _middle(above[0] if alone else line)
        level = (_middle(above[0]) + _middle(below[0])) / 2 - _middle(line)
        if pitch > 2.3 * line.height or abs(level) > 0.15 * pitch:
            return None
        up, down = (_even(lines, left, pitch) for lines in (above, below))
        count = min(len(up), len(down))
        if not count or (not alone and not self._stands_off(up[0], down[-1], pitch, len(up) == len(down))):
            return None
        own = [] if alone else [(line, hit.value, len(line.boxes))]
        return [*((ln, 0, len(ln.boxes)) for ln in up[-count:]), *own, *((ln, 0, len(ln.boxes)) for ln in down[:count])]

    def _column(self, index: int, step: int, label_end: float) -> list[Line]:
        """Return lines directly above or below that begin to the right of the label and contain none themselves,
        nearest first.
        """
        found = []
        while 0 <= (index := index + step) < len(self.lines):
            line = self.lines[index]
            if line.box[0] < label_end or self.hits[index] or line.blanks(END_GAP):
                break
            found.append(line)
        return found

    def _stands_off(self, top: Line, bottom: Line, pitch: float, balanced: bool) -> bool:
        """Whether as many of the lines lie above the label as below, and they are further from other lines than from
        one another.
        """
        first = next(i for i, line in enumerate(self.lines) if line is top)
        last = next(i for i, line in enumerate(self.lines) if line is bottom)
        before = _middle(top) - _middle(self.lines[first - 1]) if first else 2 * pitch
        after = _middle(self.lines[last + 1]) - _middle(bottom) if last + 1 < len(self.lines) else 2 * pitch
        return balanced and min(before, after) > 1.15 * pitch


def _even(lines: list[Line], left: float, pitch: float) -> list[Line]:
    """Return the first of the lines (nearest first) that are left-aligned and evenly spaced at this pitch, from top to
    bottom.
    """
    kept: list[Line] = []
    for line in lines:
        apart = abs(_middle(line) - _middle(kept[-1])) if kept else pitch
        if abs(line.boxes[0][0] - left) > line.height or abs(apart - pitch) > 0.12 * pitch:
            break
        kept.append(line)
    return sorted(kept, key=_middle)


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _alike(line: Line, first: Line) -> bool:
    """Whether two lines are printed in about the same size."""
    return 0.7 < line.height / first.height < 1.4


def _value_end(line: Line, hit: Hit, stop: int | None, *, wide: bool) -> int:
    """Return the index after the value: at the next label, or before a wide blank (except right after the label, or
    between the characters of a justified line).
    """
    limit = len(line.boxes) if stop is None else stop
    if wide:
        return limit
    inner = line.gaps[hit.start + 1 : hit.end]
    usual = max(inner) if len(inner) > 1 and max(inner) < 1.1 * min(inner) else 0.0
    end = max(END_GAP, 1.1 * usual)
    return next((i for i in line.blanks(end) if hit.value < i < limit), limit)


def _broken(first: Line, stop: int | None, line: Line) -> bool:
    """Whether a time span at the line's end was broken at its dash or within a date, and continues in the next line."""
    if stop is not None or line.box[0] > first.box[0] + 1:
        return False
    return first.chars[-1] in _DASHES + "年" or line.chars[0] in _DASHES + "年月日"


def _starting_at(line: Line, places: tuple[float, ...], height: float) -> tuple[int, int] | None:
    """Return the piece of the line, between wide blanks, that begins at one of the positions."""
    blanks = line.blanks(END_GAP)
    for start in (0, *blanks):
        left = line.boxes[start][0]
        if any(abs(left - x) < 1.3 * height for x in places):
            return start, next((i for i in blanks if i > start), len(line.boxes))
    return None


def _centred_under(line: Line, label: Box) -> tuple[int, int] | None:
    """Return the piece of the line that the label is centred above."""
    starts = (0, *line.blanks(END_GAP))
    middle = (label[0] + label[2]) / 2
    for start, end in itertools.pairwise((*starts, len(line.boxes))):
        box = line.hull(start, end)
        if abs((box[0] + box[2]) / 2 - middle) < line.height:
            return start, end
    return None


def _shares_columns(line: Line, box: Box) -> bool:
    return line.box[0] < box[2] and line.box[2] > box[0]
