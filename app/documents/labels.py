"""Values by their printed labels (名称：…): beside them, wrapped over lines, in the next cell of a grid, or below."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from app.documents.cells import Cell, Layout
from app.documents.dates import BARE_DATE
from app.documents.page import Box, Line, hull

TOKEN_GAP = 0.6  # in heights: a blank before a label
END_GAP = 2.2  # a wider blank ends a value
_COLON = ":"
_COLONS = ":;_.·|"  # what a colon of a picture is taken for
_AFTER_LABEL = re.compile(
    rf"(?:\([^()]{{1,14}}\)|\((?:签字或|签名或)?(?:盖章|公章|签章|签字))?[{re.escape(_COLONS)}]{{0,2}}"
)
_ANOTHER_LABEL = re.compile(
    r"(?!一般|许可|前置)[㐀-鿿()/]{2,14}:"
)  # one that is not among the known; licences part their scope so


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field and how its label may read, wordings parted by blanks; `many_lines`: the value may wrap; `wide`:
    blanks in it do not end it; `like`: a pattern that labels beside these follow, believed before a colon.
    """

    field: str
    labels: str
    many_lines: bool = False
    wide: bool = False
    like: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Found text: as printed, where (box of the frame), how surely it was read (1 for a text layer)."""

    text: str
    box: Box
    score: float = 1.0
    strong: bool = True
    lines: tuple[Line, ...] = ()

    def part(self, start: int, end: int) -> "Piece":
        """The characters [start, end) of the text as a piece of their own, with their own box."""
        wanted = "".join(self.text[start:end].split())
        for line in self.lines:
            places = [i for i, raw in enumerate(line.raw) for _ in raw]
            at = "".join(line.raw).find(wanted)
            if at >= 0 and wanted:
                first, last = places[at], places[at + len(wanted) - 1] + 1
                return Piece(
                    self.text[start:end], line.hull(first, last), line.worst(first, last), self.strong, (line,)
                )
        return Piece(self.text[start:end], self.box, self.score, self.strong, self.lines)


@dataclass(frozen=True, slots=True)
class _Hit:
    field: str | None
    line: int
    start: int
    end: int  # of the label itself
    value: int  # where the value may begin
    strong: bool


class Labels:
    """The labels of one kind of document, with others that only end a value (`stops`)."""

    def __init__(self, wanted: Iterable[Wanted], stops: str = "") -> None:
        self.wanted = {w.field: w for w in wanted}
        self.field_of: Mapping[str, str | None] = dict.fromkeys(stops.split()) | {
            label: w.field for w in self.wanted.values() for label in w.labels.split()
        }
        self.names = sorted(self.field_of, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, self.names)))

    def find(self, layout: Layout) -> dict[str, list[Piece]]:
        """Every value found for each field, the surest first."""
        found: dict[str, list[Piece]] = {}
        for cell in layout.cells:
            self._in_cell(cell, layout, found)
        self._in_lines(layout.free, found)
        return {f: sorted(pieces, key=lambda p: not p.strong) for f, pieces in found.items()}

    def _in_cell(self, cell: Cell, layout: Layout, found: dict[str, list[Piece]]) -> None:
        label = cell.chars.rstrip(":*")
        label = label if label in self.field_of else _bare(cell.chars)
        if label not in self.field_of and cell.lines[0].scores:
            label = self.nearest(label) or label
        if label in self.field_of:
            field = self.field_of[label]
            beside = self._value_cell(cell, layout)
            if field and beside:
                found.setdefault(field, []).append(_of_cell(beside))
        elif not _is_value_of_label(self, cell, layout):
            self._in_lines(cell.lines, found)

    def _value_cell(self, cell: Cell, layout: Layout) -> Cell | None:
        beside = layout.right_of(cell)
        if beside is not None and not self.is_label(beside.chars):
            return beside
        under = layout.below(cell)
        return under if under is not None and beside is not None and not self.is_label(under.chars) else None

    def is_label(self, text: str) -> bool:
        """Whether the text is nothing but a label."""
        return _bare(text) in self.field_of

    def _in_lines(self, lines: list[Line], found: dict[str, list[Piece]]) -> None:
        hits = [self._hits(i, line) for i, line in enumerate(lines)]
        for index, line_hits in enumerate(hits):
            for order, hit in enumerate(line_hits):
                if hit.field is None:
                    continue
                stop = line_hits[order + 1].start if order + 1 < len(line_hits) else None
                piece = _value(lines, hits, index, hit, stop, self.wanted[hit.field])
                if piece:
                    found.setdefault(hit.field, []).append(piece)

    def _hits(self, index: int, line: Line) -> list[_Hit]:
        hits: list[_Hit] = []
        position = 0
        while match := self.pattern.search(line.chars, position):
            hit = self._hit(index, line, match)
            if hit:
                hits.append(hit)
            position = match.end() if hit else match.start() + 1
        hits += [h for h in self._alike(index, line) if not any(o.start < h.end and h.start < o.end for o in hits)]
        return sorted(hits, key=lambda h: h.start)

    def _alike(self, index: int, line: Line) -> Iterator[_Hit]:
        """What stands before a colon and follows a label's pattern, or, in a picture, is nearly a label (a character misread)."""
        for colon in (i for i, char in enumerate(line.chars) if char == _COLON):
            start = max(
                (i for i in range(colon) if i == 0 or line.gaps[i] > TOKEN_GAP or line.chars[i - 1] in ";。"), default=0
            )
            text = re.sub(r"\([^()]*\)$", "", line.chars[start:colon])
            like = next((f for f, w in self.wanted.items() if w.like and compiled(w.like).fullmatch(text)), None)
            name = self.nearest(text) if line.scores and not like else None
            if like or name:
                yield _Hit(like or self.field_of[name or ""], index, start, colon, colon + 1, strong=True)

    def nearest(self, text: str) -> str | None:
        """The one label that differs from the text by a character (by two from seven characters on)."""
        if not 4 <= len(text) <= 14:
            return None
        found = process.extract(
            text, self.names, scorer=Levenshtein.distance, score_cutoff=1 if len(text) < 7 else 2, limit=2
        )
        fields = {self.field_of[name] for name, distance, _ in found if distance == found[0][1]}
        return str(found[0][0]) if len(fields) == 1 else None

    def _hit(self, index: int, line: Line, match: re.Match[str]) -> _Hit | None:
        start, end = match.span()
        if start and not (line.gaps[start] > TOKEN_GAP or line.chars[start - 1] in ";,。"):
            return None
        after = _AFTER_LABEL.match(line.chars, end)
        value = after.end() if after and line.chars[end : after.end()].endswith(tuple(_COLONS)) else end
        strong = value > end or end == len(line.chars) or line.gaps[end] > 0.35
        if not strong and (start or end - start < 4 or line.chars[end] in "的和及、"):
            return None
        return _Hit(self.field_of[match.group()], index, start, end, value, strong)


def _bare(text: str) -> str:
    """A cell's text without the colon, star or bracket that may follow a label."""
    return re.sub(r"\([^()]{1,14}\)$", "", text.rstrip(":*")).rstrip(":*")


def _is_value_of_label(labels: Labels, cell: Cell, layout: Layout) -> bool:
    """Whether the cell to the left is a label: then what looks like one in here is only text."""
    left = [
        c
        for c in layout.cells
        if c.box[2] <= cell.box[0] + 4 * layout.unit and min(c.box[3], cell.box[3]) - max(c.box[1], cell.box[1]) > 0
    ]
    return bool(left) and labels.is_label(max(left, key=lambda c: c.box[0]).chars)


def _of_cell(cell: Cell) -> Piece:
    return Piece(cell.raw, cell.ink, cell.score, True, tuple(cell.lines))


def _value(
    lines: list[Line], hits: list[list[_Hit]], index: int, hit: _Hit, stop: int | None, wanted: Wanted
) -> Piece | None:
    line = lines[index]
    end = _value_end(line, hit.value, stop, wide=wanted.wide)
    if end <= hit.value:
        return None if stop is not None else _below(lines, hits, index, hit)
    spans = [(line, hit.value, end)]
    if wanted.many_lines and end == (len(line.boxes) if stop is None else stop):
        spans += _continued(lines, hits, index, hit, wide=wanted.wide)
    return _piece(spans, hit.strong)


def _piece(spans: list[tuple[Line, int, int]], strong: bool) -> Piece:
    text = "".join(line.text(a, b) for line, a, b in spans)
    score = min(line.worst(a, b) for line, a, b in spans)
    return Piece(
        text, hull(line.hull(a, b) for line, a, b in spans), score, strong, tuple(line for line, _, _ in spans)
    )


def _value_end(line: Line, start: int, stop: int | None, *, wide: bool) -> int:
    """The index after the value: at the next label, or before a wide blank (not the one right after the label)."""
    limit = len(line.boxes) if stop is None else stop
    if wide:
        return limit
    return next((i for i in range(start + 1, limit) if line.gaps[i] > END_GAP), limit)


def _continued(
    lines: list[Line], hits: list[list[_Hit]], index: int, hit: _Hit, *, wide: bool
) -> list[tuple[Line, int, int]]:
    """Lines below that go on with the value: set under its beginning, or under the label, with no label of their own,
    and no date unless the value is one.
    """
    first = lines[index]
    value_x, label_x, height = first.boxes[hit.value][0], first.boxes[hit.start][0], first.height
    edge = _right_edge(lines[index : index + 12], value_x, height)
    spans: list[tuple[Line, int, int]] = []
    last_box, last_y = first.hull(hit.value), (first.box[1] + first.box[3]) / 2
    for offset, line in enumerate(lines[index + 1 :], index + 1):
        if not wide and compiled(BARE_DATE).fullmatch(line.chars):
            break
        middle = (line.box[1] + line.box[3]) / 2
        under = value_x - label_x > 2 * height and abs(line.boxes[0][0] - value_x) < height
        full = last_box[2] - value_x > 0.5 * (edge - value_x) if under else last_box[2] >= edge - 3.2 * height
        if middle - last_y > 2.3 * height or not full:
            break
        if _ANOTHER_LABEL.match(line.chars) and abs(line.boxes[0][0] - label_x) < abs(line.boxes[0][0] - value_x):
            break
        place = _starting_at(line, (value_x, label_x), height)
        if place is None:
            if _shares_columns(line, last_box):
                break
            continue
        if any(h.start <= place[0] for h in hits[offset]) or not 0.7 < line.height / height < 1.4:
            break
        spans.append((line, *place))
        last_box, last_y = line.hull(*place), middle
    return spans


def _right_edge(lines: list[Line], value_x: float, height: float) -> float:
    """Where full lines of this column end: the furthest end of a piece that begins at the value."""
    places = ((line, _starting_at(line, (value_x, value_x), height)) for line in lines)
    return max((line.boxes[place[1] - 1][2] for line, place in places if place), default=0.0)


def _starting_at(line: Line, places: tuple[float, float], height: float) -> tuple[int, int] | None:
    """The piece of the line, between wide blanks, that begins at one of the places."""
    starts = [0, *(i for i in range(1, len(line.boxes)) if line.gaps[i] > END_GAP)]
    for start, end in zip(starts, [*starts[1:], len(line.boxes)], strict=True):
        if any(abs(line.boxes[start][0] - x) < 1.3 * height for x in places):
            return start, end
    return None


def _shares_columns(line: Line, box: Box) -> bool:
    return line.box[0] < box[2] and line.box[2] > box[0]


def _below(lines: list[Line], hits: list[list[_Hit]], index: int, hit: _Hit) -> Piece | None:
    """The value under a label that stands alone on its line, when the next line there is no label."""
    label = lines[index].hull(hit.start, hit.end)
    height = lines[index].height
    for offset, line in enumerate(lines[index + 1 : index + 4], index + 1):
        if line.box[1] - label[3] > 1.6 * height:
            return None
        place = _starting_at(line, (label[0], label[0]), height)
        if place and not any(h.start <= place[0] < h.end for h in hits[offset]):
            return _piece([(line, *place)], strong=False)
    return None


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    """A compiled pattern, remembered."""
    return re.compile(pattern)


def pieces_matching(lines: Iterable[Line], pattern: str) -> list[Piece]:
    """Pieces of lines, between wide blanks, that match the pattern as a whole."""
    found = []
    for line in lines:
        starts = [0, *(i for i in range(1, len(line.boxes)) if line.gaps[i] > 1.0)]
        spans = list(zip(starts, [*starts[1:], len(line.boxes)], strict=True))
        for start, end in [*spans, *([(0, len(line.boxes))] if len(spans) > 1 else [])]:
            if compiled(pattern).fullmatch(line.chars[start:end]):
                found.append(_piece([(line, start, end)], strong=True))
    return found


def flowing(lines: Iterable[Line], pattern: str) -> list[Piece]:
    """Every place that the pattern matches in the text of all lines, also where it runs on from one line to the next."""
    every = list(lines)
    text = "".join(line.chars for line in every)
    found = []
    for match in compiled(pattern).finditer(text):
        spans, start = [], 0
        for line in every:
            a, b = max(match.start() - start, 0), min(match.end() - start, len(line.boxes))
            if a < b:
                spans.append((line, a, b))
            start += len(line.boxes)
        if spans:
            found.append(_piece(spans, strong=True))
    return found


def spans_matching(lines: Iterable[Line], pattern: str) -> list[Piece]:
    """Every place in a line that the pattern matches."""
    return [
        _piece([(line, m.start(), m.end())], strong=True)
        for line in lines
        for m in compiled(pattern).finditer(line.chars)
        if m.end() > m.start()
    ]  # fmt: skip
