"""Pieces of a page's text: contiguous printed text, and matches of a pattern."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.evidence.reading.layout.page import Box, Line, hull

Span = tuple[Line, int, int]  # a line and the characters [start, end) of it


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text: as printed, its place (box of the frame), its score (1 for a text layer)."""

    text: str
    box: Box
    score: float = 1.0
    strong: bool = True
    lines: tuple[Line, ...] = ()

    def part(self, start: int, end: int) -> "Piece":
        """Return the characters [start, end) of the text as a piece with its own box."""
        wanted = "".join(self.text[start:end].split())
        for line in self.lines:
            at = "".join(line.raw).find(wanted)
            if at >= 0 and wanted:
                places = [i for i, raw in enumerate(line.raw) for _ in raw]
                first, last = places[at], places[at + len(wanted) - 1] + 1
                return Piece(
                    self.text[start:end], line.hull(first, last), line.worst(first, last), self.strong, (line,)
                )
        return Piece(self.text[start:end], self.box, self.score, self.strong, self.lines)


def piece_of(spans: list[Span], strong: bool) -> Piece:
    """Join the spans, in reading order, into one piece."""
    if len(spans) == 1:
        line, a, b = spans[0]
        return Piece(line.text(a, b), line.hull(a, b), line.worst(a, b), strong, (line,))
    text = "".join(line.text(a, b) for line, a, b in spans)
    score = min(line.worst(a, b) for line, a, b in spans)
    return Piece(
        text, hull(line.hull(a, b) for line, a, b in spans), score, strong, tuple(line for line, _, _ in spans)
    )


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a compiled pattern, cached."""
    return re.compile(pattern)


def pieces_matching(lines: Iterable[Line], pattern: str) -> list[Piece]:
    """Return pieces of lines, between wide blanks, that match the whole pattern."""
    found, fits = [], compiled(pattern).fullmatch
    for line in lines:
        starts, length = line.blanks(1.0), len(line.boxes)
        spans = [*zip((0, *starts), (*starts, length), strict=True), (0, length)] if starts else ((0, length),)
        for start, end in spans:
            if fits(line.chars[start:end]):
                found.append(piece_of([(line, start, end)], strong=True))
    return found


def flowing(lines: Iterable[Line], pattern: str) -> list[Piece]:
    """Return every match of the pattern in the text of all lines, including matches that continue on the next line."""
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
            found.append(piece_of(spans, strong=True))
    return found


def spans_matching(lines: Iterable[Line], pattern: str) -> list[Piece]:
    """Return every match of the pattern within a line."""
    return [
        piece_of([(line, m.start(), m.end())], strong=True)
        for line in lines
        for m in compiled(pattern).finditer(line.chars)
        if m.end() > m.start()
    ]  # fmt: skip
