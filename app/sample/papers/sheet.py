"""A page with text and drawings, in points from its top left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.sample.papers import fonts
from app.sample.papers.fonts import HEI, SONG

A4 = (595.28, 841.89)
A4_LANDSCAPE = (841.89, 595.28)
BLACK = "#000000"
RED = "#c8161d"
GREY = "#8a8a8a"


@dataclass(frozen=True, slots=True)
class Style:
    """The appearance of a run of text; sizes in points."""

    size: float = 12
    face: str = SONG
    color: str = BLACK
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text on its baseline."""

    x: float
    y: float
    content: str
    style: Style


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle's outline."""

    x: float
    y: float
    width: float
    height: float
    line: float = 0.8
    color: str = BLACK


@dataclass(frozen=True, slots=True)
class Line:
    """A straight rule."""

    x0: float
    y0: float
    x1: float
    y1: float
    line: float = 0.8
    color: str = BLACK


@dataclass(frozen=True, slots=True)
class Seal:
    """A round official seal, centre and radius: a ring, a star, the owner's name along the ring."""

    x: float
    y: float
    owner: str
    radius: float = 57


Mark = Text | Box | Line | Seal
Cell = tuple[str, ...]


@dataclass(slots=True)
class Sheet:
    """One page; marks are printed in the order in which they were made."""

    size: tuple[float, float] = A4
    marks: list[Mark] = field(default_factory=list)

    def text(self, x: float, y: float, content: str, style: Style = Style()) -> None:
        """Write text starting at x."""
        self.marks.append(Text(x, y, content, style))

    def centred(self, x: float, y: float, content: str, style: Style = Style()) -> None:
        """Write text centred on x."""
        self.text(x - fonts.text_width(style.face, content, style.size) / 2, y, content, style)

    def right(self, x: float, y: float, content: str, style: Style = Style()) -> None:
        """Write text ending at x."""
        self.text(x - fonts.text_width(style.face, content, style.size), y, content, style)

    def paragraph(self, x: float, y: float, content: str, width: float, style: Style) -> float:
        """Write lines of at most this width, 1.6 sizes apart; return the baseline below the last one."""
        for row in wrap(content, width, style):
            self.text(x, y, row, style)
            y += style.size * 1.6
        return y

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.8, color: str = BLACK) -> None:
        """Draw a rectangle."""
        self.marks.append(Box(x, y, width, height, line, color))

    def seal(self, x: float, y: float, owner: str, radius: float = 57) -> None:
        """Draw a red seal."""
        self.marks.append(Seal(x, y, owner, radius))

    def table(self, x: float, y: float, widths: Sequence[float], rows: Iterable[Cell], style: Style) -> float:
        """Draw a ruled table with centred cells, the first row as its header; returns the y of its lower edge."""
        height = style.size * 1.9
        for index, row in enumerate(rows):
            left = x
            cell_style = Style(style.size, HEI if index == 0 else style.face)
            for width, content in zip(widths, row, strict=True):
                self.box(left, y, width, height, 0.5)
                self.centred(left + width / 2, y + height * 0.66, content, cell_style)
                left += width
            y += height
        return y


def wrap(content: str, width: float, style: Style) -> list[str]:
    """Break a Chinese paragraph at any character, but never before a closing punctuation mark."""
    rows, row = [], ""
    for char in content:
        full = fonts.text_width(style.face, row + char, style.size) > width
        if full and char not in "，。；、：）”":
            rows.append(row)
            row = ""
        row += char
    return [*rows, row]


def characters(sheets: Iterable[Sheet]) -> set[str]:
    """Return every character written on the sheets."""
    return {char for sheet in sheets for mark in sheet.marks if isinstance(mark, Text) for char in mark.content}
