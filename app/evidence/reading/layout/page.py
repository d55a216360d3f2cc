"""The text of a page as lines of placed characters, from a text layer or a picture.

Coordinates are those of an upright frame, x to the right, y downwards, in the reader's unit; `Page.view` converts a box
of the frame to the box [x0, y0, x1, y1] in 0..1 that a viewer shows.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.evidence.reading.text.characters import plain

Box = tuple[float, float, float, float]
Glyph = tuple[str, Box]

GAP = 1.3  # in character heights: a wider blank ends a piece of text
TOKEN_GAP = 0.6  # the narrowest blank that can precede a label
_SAME_LINE = 0.5  # in heights: maximum vertical offset between the middles of neighbours in one line
_SAME_LINE_BEYOND = 0.6  # and between second neighbours: columns of a tilted page


def hull(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around all."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


@dataclass(slots=True)
class Line:
    """Characters of one line from left to right without blanks: normalised text, raw text, a box per character, the
    blank before each in heights.
    """

    chars: str
    raw: list[str]
    boxes: list[Box]
    gaps: list[float]
    box: Box
    height: float
    score: float = 1.0
    scores: list[float] = field(default_factory=list)
    _blanks: list[int] | None = field(default=None, repr=False, compare=False)

    def blanks(self, wider: float) -> list[int]:
        """Return indexes of the characters preceded by a blank wider than `width` heights (TOKEN_GAP or more)."""
        if self._blanks is None:
            self._blanks = [i for i, gap in enumerate(self.gaps) if gap > TOKEN_GAP and i]
        return [i for i in self._blanks if self.gaps[i] > wider] if self._blanks else []

    def text(self, start: int = 0, end: int | None = None) -> str:
        """Return the raw text of the characters [start, end), with one blank for each wide blank printed."""
        stop = len(self.raw) if end is None else end
        if not self.blanks(GAP):
            return "".join(self.raw[start:stop])
        parts = [(" " if i > start and self.gaps[i] > GAP else "") + self.raw[i] for i in range(start, stop)]
        return "".join(parts)

    def hull(self, start: int = 0, end: int | None = None) -> Box:
        """Return the box around the characters [start, end)."""
        boxes = self.boxes[start:end]
        return hull(boxes) if len(boxes) > 1 else boxes[0]

    def worst(self, start: int = 0, end: int | None = None) -> float:
        """Return the lowest recognition score among the characters, 1 for a text layer."""
        return worst_score(self.chars[start:end], self.scores[start:end]) if self.scores else self.score


_SIGNS = frozenset("¥￥，；：（）,.;:、。!?()\"'-·~…<>《》【】[]|_/\\“”‘’")


def worst_score(chars: str, scores: Sequence[float]) -> float:
    """Return the lowest score among the characters without punctuation: whether a comma is full width does not matter."""
    return min((s for c, s in zip(chars, scores, strict=True) if c not in _SIGNS), default=min(scores, default=1.0))


@dataclass(slots=True)
class Ruling:
    """A straight line drawn on the page: horizontal ones have y0 == y1, vertical ones x0 == x1."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Page:
    """One page: its number from 1, lines from top to bottom, rulings, size of the frame, how it was read."""

    number: int
    lines: list[Line]
    width: float
    height: float
    method: str
    view: Callable[[Box], Box]
    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)
    strokes: list[Box] = field(
        default_factory=list
    )  # small drawn paths of a text page: tick boxes, ticks, circles around words
    code_area: Box | None = None  # of the frame: where a bar code may be
    drawn: bool = True  # whether there is anything on it
    inked: bool = True  # of a picture: whether it is more than blank paper
    unseen_text: bool = (
        False  # an invisible layer over or under a scan: recognition by unknown software, which is not trusted
    )

    @property
    def text(self) -> str:
        """Return all characters without blanks, one line each."""
        return "\n".join(line.chars for line in self.lines)


def make_line(glyphs: Sequence[Glyph], scores: Sequence[float] | None = None) -> Line | None:
    """Build a line from placed characters (any order); None when none of them is visible."""
    order = sorted(range(len(glyphs)), key=lambda i: glyphs[i][1][0]) if _unordered(glyphs) else range(len(glyphs))
    chars, raw, boxes, kept = [], [], [], []
    for index in order:
        char, box = glyphs[index]
        for piece in _normal_form(char):
            chars.append(piece)
            raw.append(char)
            boxes.append(box)
            kept.append(index)
    if not chars:
        return None
    return _finish(chars, raw, boxes, [scores[i] for i in kept] if scores else [])


def single_forms(chars: Sequence[str]) -> list[str]:
    """Return the normal form of each character where that is one character (lone surrogates have none), else ""."""
    if not _SINGLE.keys() >= set(chars):
        for char in chars:
            _normal_form(char)
    return [_SINGLE.get(char, "") for char in chars]


def median(values: list[float]) -> float:
    """Return the median, as `statistics` does, of at least one value."""
    values.sort()
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _unordered(glyphs: Sequence[Glyph]) -> bool:
    return any(a[1][0] > b[1][0] for a, b in itertools.pairwise(glyphs))


_NORMAL: dict[str, str] = {}
_SINGLE: dict[str, str] = {}  # entries of _NORMAL that are one character


def _normal_form(char: str) -> str:
    form = _NORMAL.get(char)
    return _normal(char) if form is None else form


def _normal(char: str) -> str:
    """Return the normalised form of one character without blanks, cached: a page repeats few characters often."""
    if len(_NORMAL) > 50_000:
        _NORMAL.clear()
        _SINGLE.clear()
    form = "".join(plain(char).split())
    _NORMAL[char] = form
    if len(form) == 1 and not "\ud800" <= form <= "\udfff":
        _SINGLE[char] = form
    return form


def _finish(chars: list[str], raw: list[str], boxes: list[Box], scores: list[float]) -> Line:
    height = max(height_of(chars, [b[3] - b[1] for b in boxes]), 1e-6)
    gaps = [0.0, *((b[0] - a[2]) / height for a, b in itertools.pairwise(boxes))]
    shown = [r if i == 0 or r != raw[i - 1] or boxes[i] is not boxes[i - 1] else "" for i, r in enumerate(raw)]
    return Line(
        "".join(chars),
        shown,
        boxes,
        gaps,
        hull(boxes),
        height,
        worst_score("".join(chars), scores) if scores else 1.0,
        scores,
    )


def height_of(chars: Sequence[str], heights: list[float]) -> float:
    """Return the usual height of the characters; punctuation is ignored where its boxes are low (some fonts give a full
    stop only the height of its ink).
    """
    if min(heights) > 0.5 * max(heights):
        return median(heights)
    return median([h for c, h in zip(chars, heights, strict=True) if c not in _SIGNS] or heights)


def split_line(line: Line, places: Iterable[int]) -> list[Line]:
    """Split the line before each of the given character indexes."""
    cuts = sorted({0, len(line.boxes), *places})
    if len(cuts) == 2:
        return [line]
    return [part_of(line, a, b) for a, b in itertools.pairwise(cuts) if a < b]


def part_of(line: Line, start: int, end: int) -> Line:
    """Return characters [start, end) as a line of their own."""
    boxes = line.boxes[start:end]
    gaps = [0.0, *line.gaps[start + 1 : end]]
    scores = line.scores[start:end] if line.scores else []
    return Line(
        line.chars[start:end],
        line.raw[start:end],
        boxes,
        gaps,
        hull(boxes),
        line.height,
        worst_score(line.chars[start:end], scores) if scores else line.score,
        scores,
    )


def join_runs(runs: list[Line]) -> list[Line]:
    """Join runs of characters into lines: runs whose middles are level form one line, from left to right."""
    lines: list[list[Line]] = []
    for run in sorted(runs, key=lambda r: r.box[1] + r.box[3]):
        for line in reversed(lines[-4:]):
            if _level(line, run):
                line.append(run)
                break
        else:
            lines.append([run])
    joined = [_merge(sorted(line, key=lambda r: r.box[0])) for line in lines]
    return sorted(joined, key=lambda ln: (ln.box[1], ln.box[0]))


def _level(line: list[Line], run: Line) -> bool:
    """Whether a run is level with the nearest run on one side, roughly so on the other, and overlaps nothing in the
    line.
    """
    box = run.box
    left = max((r for r in line if r.box[0] <= box[0]), key=lambda r: r.box[2], default=None)
    right = min((r for r in line if r.box[0] > box[0]), key=lambda r: r.box[0], default=None)
    apart = []
    for near in (left, right):
        if near is not None:
            other, height = near.box, min(near.height, run.height)
            if min(other[2], box[2]) - max(other[0], box[0]) >= 0.5 * height:
                return False
            apart.append(abs((other[1] + other[3]) - (box[1] + box[3])) / 2 / height)
    return min(apart) < _SAME_LINE and max(apart) < _SAME_LINE_BEYOND


def _merge(runs: list[Line]) -> Line:
    if len(runs) == 1:
        return runs[0]
    boxes = [b for r in runs for b in r.boxes]
    raw = [c for r in runs for c in r.raw]
    height = median([r.height for r in runs])
    gaps = [0.0, *((b[0] - a[2]) / height for a, b in itertools.pairwise(boxes))]
    scores = (
        [s for r in runs for s in (r.scores or [r.score] * len(r.boxes))]
        if any(r.scores or r.score < 1 for r in runs)
        else []
    )
    return Line(
        "".join(r.chars for r in runs), raw, boxes, gaps, hull(boxes), height, min(r.score for r in runs), scores
    )
