"""A PDF opened to be read, not drawn: its pages' text, what it says of itself. Runs in a child process."""

import ctypes
import re
from collections import Counter
from typing import Self

import pypdfium2.raw as pdfium

from app.documents.page import Page
from app.documents.page_codes import codes_on
from app.documents.pdf_text import read_page
from app.documents.provenance import Code

_USUALLY = 512  # bytes that a piece of metadata takes in UTF-16


class CannotOpen(Exception):
    """PDFium refuses the file; `locked` when for want of a password."""

    def __init__(self, code: int) -> None:
        super().__init__(f"PDFium error {code}")
        self.locked = code == pdfium.FPDF_ERR_PASSWORD


class PageDamaged(Exception):
    """The page cannot be loaded."""


class TextDocument:
    """An open file; used as a context, within `reading_text`."""

    def __init__(self, data: bytes, *, mapped: bool = False) -> None:
        """`mapped` when every font of the file has a map to Unicode. Raises CannotOpen."""
        self._mapped = mapped
        self._data = data  # PDFium reads from it as long as the file is open
        self._document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if pdfium.FPDF_GetPageCount(self._document) < 1:
            raise CannotOpen(pdfium.FPDF_GetLastError())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pdfium.FPDF_CloseDocument(self._document)

    def __len__(self) -> int:
        return int(pdfium.FPDF_GetPageCount(self._document))

    def page(self, index: int) -> tuple[Page, list[Code]]:
        """The text layer of a page, counted from 0, and the bar codes on it. Raises PageDamaged."""
        handle = pdfium.FPDF_LoadPage(self._document, index)
        if not handle:
            raise PageDamaged
        try:
            page = read_page(handle, index + 1, mapped=self._mapped)
            return page, codes_on(handle, page)
        finally:
            pdfium.FPDF_ClosePage(handle)

    def said(self, key: str) -> str:
        """A piece of metadata (Producer, Author, CreationDate), empty where the file has none."""
        size = _USUALLY
        while True:
            buffer = ctypes.create_string_buffer(size)
            length: int = pdfium.FPDF_GetMetaText(self._document, key.encode(), buffer, size)
            if length <= size:
                return buffer.raw[: max(0, length - 2)].decode("utf-16-le", "replace")
            size = length


_UNIT = rb"-?0?\.0010*\d{0,2}"  # a thousandth, as programs round it
_NAMES = re.compile(
    rb"/(FontFile|ToUnicode|ByteRange|Type3|FontMatrix(?=\s*\[\s*%b\s+0\s+0\s+%b\s+0\s+0\s*\]))" % (_UNIT, _UNIT)
)


def names_in(data: bytes) -> Counter[bytes]:
    """How often the file names a font program, a map to Unicode, a signed range, a font of drawings (Type3), a matrix of
    thousandths; those in packed objects are not seen.
    """
    return Counter(found[1] for found in _NAMES.finditer(data))


def needs_outlines(names: Counter[bytes]) -> bool:
    """Whether a font may tell its characters, or how wide they are, by its program or drawings alone."""
    fonts = names[b"FontFile"] + names[b"Type3"]
    return not 0 < fonts <= names[b"ToUnicode"] or names[b"Type3"] != names[b"FontMatrix"]


def without_outlines(data: bytes) -> bytes:
    """The file with its font programs unnamed, and fonts of drawings called fonts whose program is missing: reading does not need
    shapes, and they take longer to load than the page. As long as before, so that everything else stays in its place.
    """
    changed = bytearray(data)
    for found in _NAMES.finditer(data):
        if found[1] in _INSTEAD:
            changed[found.start(1) : found.end(1)] = _INSTEAD[found[1]]
    return bytes(changed)


_INSTEAD = {b"FontFile": b"FontNone", b"Type3": b"Type1"}
