"""The interface of a kind of document: regions of pages in, findings and table rows out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from app.evidence.reading.layout.cells import Layout, lay_out
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.page import Box, Line, Page
from app.evidence.reading.layout.pieces import Piece
from app.evidence.reading.text.values import Read


@dataclass(slots=True)
class Region:
    """A page, or the part of it that one certificate occupies, cut along its rulings."""

    page: Page
    layout: Layout

    @classmethod
    def of(cls, page: Page) -> "Region":
        """Return the whole page as one region."""
        return cls(page, lay_out(page))

    @property
    def lines(self) -> list[Line]:
        """Return the lines of text, with the parts of cells separate."""
        return [*(line for cell in self.layout.cells for line in cell.lines), *self.layout.free]

    @property
    def text(self) -> str:
        """Return all characters without blanks."""
        return self.page.text


Reader = Callable[[str], Read]


@dataclass(frozen=True, slots=True)
class Finding:
    """A field found in a region: null where it is printed but unreadable or fails its check."""

    field: str
    value: Any
    piece: Piece
    page: Page
    check: bool | None = None
    reader: Reader | None = None  # for reading the place again


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A table row with its place; `numbers` are the places of its resident ID, to be blackened in pictures."""

    values: dict[str, Any]
    page: Page
    box: Box
    score: float = 1.0
    numbers: tuple[tuple[Page, Box], ...] = ()


@dataclass(slots=True)
class KindReading:
    """All findings of one certificate; reasons are codes with messages for manual review."""

    findings: list[Finding] = field(default_factory=list)
    rows: list[RowFinding] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def add(self, name: str, read: Read, piece: Piece, page: Page, reader: Reader | None = None) -> None:
        """Add one value."""
        self.findings.append(Finding(name, read.value, piece, page, read.check, reader))
        self._names.add(name)

    def has(self, name: str) -> bool:
        """Whether the field was found."""
        return name in self._names

    def prove(self, *names: str) -> None:
        """Mark fields as proved by another value on the page."""
        self.findings = [
            replace(f, check=True) if f.field in names and f.value is not None else f for f in self.findings
        ]

    def refute(self, name: str) -> None:
        """Discard a value read from a picture that contradicts a more certain one."""
        self.findings = [
            replace(f, value=None, check=False) if f.field == name and f.page.method == "ocr" else f
            for f in self.findings
        ]

    def finding(self, name: str) -> Finding | None:
        """Return the field's first finding."""
        return next((f for f in self.findings if f.field == name), None)

    def value(self, name: str) -> Any:
        """Return the field's first value, or None."""
        return next((f.value for f in self.findings if f.field == name), None)


class Kind(Protocol):
    """A kind of document: one file each, with its labels, patterns and checks."""

    @property
    def name(self) -> str:
        """Return the kind's name on the wire."""
        ...

    @property
    def title(self) -> str:
        """Return the pattern of the printed title where one page may hold several certificates, else ""."""
        ...

    @property
    def many_pages(self) -> bool:
        """Whether following pages that no kind claims still belong to the document."""
        ...

    @property
    def begins_anew(self) -> bool:
        """Whether each page with a title begins another document."""
        ...

    @property
    def labels(self) -> Labels | None:
        """Return the labels of the kind, where its fields are read by labels."""
        ...

    @property
    def anchor(self) -> str:
        """Return the field that each certificate contains once, used to separate several on a page when titles are
        unreadable.
        """
        ...

    @property
    def required(self) -> tuple[str, ...]:
        """Return fields without which the document needs manual review."""
        ...

    @property
    def expected(self) -> tuple[str, ...]:
        """Return fields that such a document always has: if a picture shows none, it was missed."""
        ...

    def claims(self, text: str) -> float:
        """Return how certainly a page with this text (blanks removed) is of this kind, 0..1."""
        ...

    def read(self, regions: Sequence[Region]) -> KindReading:
        """Read one document from its regions in page order."""
        ...

    def check(self, reading: KindReading) -> None:
        """Cross-check the values: agreement proves, contradiction casts doubt."""
        ...


def says(text: str, words: str) -> bool:
    """Whether the text contains one of the words, which are separated by bars."""
    return any(map(text.__contains__, words.split("|")))


def read_labels(
    reading: KindReading, region: Region, labels: Labels, readers: Mapping[str, Reader]
) -> dict[str, list[Piece]]:
    """Read fields by their labels, using the first value that passes. Returns all pieces, for fields that need more
    than one reader.
    """
    found = labels.find(region.layout)
    for name, reader in readers.items():
        if name in found and not reading.has(name):
            piece, read = best(found[name], reader)
            reading.add(name, read, piece, region.page, reader)
    return found


def read_instead(
    reading: KindReading, region: Region, found: Mapping[str, list[Piece]], name: str, other: str, reader: Reader
) -> None:
    """Read a field by an alternative label, where its own is not on the page."""
    if not reading.has(name) and other in found:
        piece, read = best(found[other], reader)
        reading.add(name, read, piece, region.page, reader)


def best(pieces: Iterable[Piece], reader: Reader) -> tuple[Piece, Read]:
    """Return the first piece whose value passes its check, else the first with a value, else the first."""
    tried = [(piece, reader(piece.text)) for piece in pieces]
    rank = {True: 0, None: 1, False: 2}
    return min(tried, key=lambda t: (t[1].value is None, rank[t[1].check], not t[0].strong))
