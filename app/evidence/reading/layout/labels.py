"""Find values by their printed labels (名称：…): beside them, wrapped over lines, in the next cell of a grid, or below."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from app.evidence.reading.layout.cells import Cell, Layout
from app.evidence.reading.layout.label_values import END_GAP, Hit, Values, Wanted
from app.evidence.reading.layout.page import TOKEN_GAP, Line
from app.evidence.reading.layout.pieces import Piece, piece_of
from app.evidence.reading.layout.stacked_labels import stacked
from app.evidence.reading.text.characters import compact

_COLON = ":"
_COLONS = ":;_.·|"  # what recognition reads instead of a colon
_GLOSS = r"[A-Za-z][A-Za-z.'/]{1,28}"  # the label repeated in English
_AFTER_LABEL = re.compile(
    rf"(?:\([^()]{{1,24}}\)|\((?:签字或|签名或)?(?:盖章|公章|签章|签字)|(?:No\.|{_GLOSS}(?![A-Za-z.'/])))?"
    rf"[{re.escape(_COLONS)}]{{0,2}}"
)
_GLOSS_BEGINS = re.compile(
    "Full|Name|Sex|Gender|Date|Birth|ID|No|Number|Level|Grade|Quali|Admin|File|Approv|Issu|Certif|Address|Legal|Code|"
    "Unified|Valid|Author|Organi|Register|Capital|Scope|Business"
)
_NOTE = re.compile(r"\([^()]*\)")
_LONGEST_LABEL = 18
_REMEMBERED = 2000
_GLOSS_GAP = 1.0  # in heights: the widest blank between a label and its gloss


class Labels:
    """The labels of one kind of document, and other labels that only end a value (`stops`)."""

    def __init__(self, wanted: Iterable[Wanted], stops: str = "") -> None:
        self.wanted = {w.field: w for w in wanted}
        self.field_of: Mapping[str, str | None] = dict.fromkeys(stops.split()) | {
            label: w.field for w in self.wanted.values() for label in w.labels.split()
        }
        self.names = sorted(self.field_of, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, self.names)))
        self._liked: dict[str, str | None] = {}  # texts cached: pages repeat few
        self.likes = [(w.field, re.compile(w.like)) for w in self.wanted.values() if w.like]

    def find(self, layout: Layout) -> dict[str, list[Piece]]:
        """Find every value of each field, the most certain first."""
        found: dict[str, list[Piece]] = {}
        for cell in layout.cells:
            self._in_cell(cell, layout, found)
        beside, rest = stacked(layout.free, self._field)
        for field, piece in beside:
            found.setdefault(field, []).append(piece)
        self._in_lines(rest, found)
        return {f: sorted(pieces, key=lambda p: not p.strong) for f, pieces in found.items()}

    def _in_cell(self, cell: Cell, layout: Layout, found: dict[str, list[Piece]]) -> None:
        label = cell.chars.rstrip(":*")
        label = label if label in self.field_of else _bare(cell.chars)
        if label not in self.field_of and cell.lines[0].scores:
            label = self.nearest(label) or label
        like = self.like(label) if label not in self.field_of else None
        if like or label in self.field_of:
            field = like or self.field_of[label]
            beside = self._value_cell(cell, layout)
            if field and beside:
                found.setdefault(field, []).append(_of_cell(beside))
        elif any(map(self._may_hold, cell.lines)) and not _is_value_of_label(self, cell, layout):
            self._in_lines(cell.lines, found)

    def places(self, lines: Iterable[Line]) -> dict[str, Piece]:
        """Return the labels in the lines, by the fields they name."""
        hits = ((line, hit) for i, line in enumerate(lines) for hit in self._hits(i, line))
        return {hit.field: piece_of([(line, hit.start, hit.end)], hit.strong) for line, hit in hits if hit.field}

    def fields(self, lines: Iterable[Line]) -> set[str]:
        """Return the fields whose labels occur in the lines."""
        return set(self.places(lines))

    def _field(self, text: str) -> str | None:
        """Return the field of a label, "" for one that only ends values, None for any other text."""
        return (self.field_of[text] or "") if text in self.field_of else self.like(text)

    def _may_hold(self, line: Line) -> bool:
        """Whether the line may contain a label."""
        return bool(_COLON in line.chars or self.pattern.search(line.chars))

    def _value_cell(self, cell: Cell, layout: Layout) -> Cell | None:
        beside = layout.right_of(cell)
        if beside is not None and not self.is_label(beside.chars):
            return beside
        under = layout.below(cell)
        return under if under is not None and beside is not None and not self.is_label(under.chars) else None

    def begins(self, text: str) -> bool:
        """Whether the text begins with a label."""
        return self.pattern.match(compact(text)) is not None

    def is_label(self, text: str) -> bool:
        """Whether the text is nothing but a label."""
        bare = _bare(text)
        return bare in self.field_of or self.like(bare) is not None

    def _in_lines(self, lines: list[Line], found: dict[str, list[Piece]]) -> None:
        hits = [self._hits(i, line) for i, line in enumerate(lines)]
        values = Values(lines, hits)
        for line_hits in hits:
            for order, hit in enumerate(line_hits):
                if hit.field is None:
                    continue
                stop = line_hits[order + 1].start if order + 1 < len(line_hits) else None
                for piece in values.of(hit, stop, self.wanted[hit.field]):
                    found.setdefault(hit.field, []).append(piece)

    def _hits(self, index: int, line: Line) -> list[Hit]:
        hits = sorted(self._alike(index, line), key=lambda h: h.start)
        position = 0
        while match := self.pattern.search(line.chars, position):
            hit = self._hit(index, line, match, hits)
            position = hit.value if hit else match.start() + 1
            if hit and not any(o.start < hit.end and hit.start < o.end for o in hits):
                hits.append(hit)
        return sorted(hits, key=lambda h: h.start)

    def _alike(self, index: int, line: Line) -> Iterator[Hit]:
        """Find labels by pattern: text before a colon or a wide blank that follows a label's pattern; or, before a
        colon in a picture, a label with one character misread.
        """
        if not (self.likes or line.scores):
            return
        for colon in (i for i, char in enumerate(line.chars) if char == _COLON):
            ends = max(line.chars.rfind(";", 0, colon - 1), line.chars.rfind("。", 0, colon - 1)) + 1 if colon else 0
            start = max((i for i in line.blanks(TOKEN_GAP) if ends < i < colon), default=ends)
            text = line.chars[start:colon]
            like = self.like(text)
            name = self.nearest(_NOTE.sub("", text)) if line.scores and not like else None
            if like or name:
                yield Hit(like or self.field_of[name or ""], index, start, colon, colon + 1, strong=True)
        edges = (0, *line.blanks(END_GAP), len(line.chars))
        for start, end in itertools.pairwise(edges):
            text = line.chars[start:end]
            if _COLON not in text and text not in self.field_of and (like := self.like(text)):
                yield Hit(like, index, start, end, end, strong=True)

    def like(self, text: str) -> str | None:
        """Return the field whose label pattern the text follows, ignoring notes in brackets."""
        if not 2 <= len(text) <= _LONGEST_LABEL or text in self.field_of:
            return None
        if text not in self._liked:
            if len(self._liked) >= _REMEMBERED:
                self._liked.clear()
            self._liked[text] = self._likeness(text)
        return self._liked[text]

    def _likeness(self, text: str) -> str | None:
        bare = _NOTE.sub("", text)
        return next(
            (field for field, pattern in self.likes if pattern.fullmatch(bare) or pattern.fullmatch(text)), None
        )

    def nearest(self, text: str) -> str | None:
        """Return the one label that differs from the text by a character (by two from seven characters on)."""
        if not 4 <= len(text) <= 14:
            return None
        found = process.extract(
            text, self.names, scorer=Levenshtein.distance, score_cutoff=1 if len(text) < 7 else 2, limit=2
        )
        fields = {self.field_of[name] for name, distance, _ in found if distance == found[0][1]}
        return str(found[0][0]) if len(fields) == 1 else None

    def _hit(self, index: int, line: Line, match: re.Match[str], before: list[Hit]) -> Hit | None:
        start, end = match.span()
        field = self.field_of[match.group()]
        value = _value_start(line, end)
        strong = value > end or end == len(line.chars) or line.gaps[end] > 0.35
        if start and not (line.gaps[start] > TOKEN_GAP or line.chars[start - 1] in ";,。"):
            token = next((i for i in range(start, 0, -1) if line.gaps[i] > TOKEN_GAP), 0)
            colon = line.chars[value - 1] == _COLON and min(end - start, start - token) >= 4
            if not (colon and before and before[-1].field != field):  # the preceding column is full
                return None
        inside = start > 0 and line.gaps[start] <= END_GAP
        if not strong and (inside or end - start < 4 or line.chars[end] in "的和及、"):
            return None
        return Hit(field, index, start, end, value, strong)


def _value_start(line: Line, end: int) -> int:
    """Return where the value of a label that ends before `end` may begin: after its colon, and after a bracket or an
    English gloss of the label if a colon, a blank or nothing follows it.
    """
    after = _AFTER_LABEL.match(line.chars, end)
    stop = after.end() if after else end
    if stop == end:
        return end
    if line.chars[stop - 1] in _COLONS and not line.chars.startswith("No.", end):
        return stop
    if line.chars[end] not in "(" and not _GLOSS_BEGINS.match(line.chars, end):
        return end
    bare = line.chars[end] != "("  # brackets hold their text together
    if line.gaps[end] > _GLOSS_GAP or (bare and any(gap > _GLOSS_GAP for gap in line.gaps[end + 1 : stop])):
        return end
    return stop if line.chars.startswith("No.", end) or stop == len(line.chars) or line.gaps[stop] > TOKEN_GAP else end


def _bare(text: str) -> str:
    """Return a cell's text without the colon, star, bracket or English gloss that may follow a label."""
    return re.sub(rf"\([^()]{{1,14}}\)$|(?<=[㐀-鿿)]){_GLOSS}$", "", text.rstrip(":*")).rstrip(":*")


def _is_value_of_label(labels: Labels, cell: Cell, layout: Layout) -> bool:
    """Whether the cell to the left is a label: then text here that looks like a label is a value."""
    x, top, bottom = cell.box[0] + 4 * layout.unit, cell.box[1], cell.box[3]
    left = [c for c in layout.cells if c.box[2] <= x and c.box[1] < bottom and top < c.box[3]]
    return bool(left) and labels.is_label(max(left, key=lambda c: c.box[0]).chars)


def _of_cell(cell: Cell) -> Piece:
    return Piece(cell.raw, cell.ink, cell.score, True, tuple(cell.lines))
