"""A PDF opened for text extraction: the text of its pages, and its metadata. Runs in a child process."""

import ctypes
from typing import Self

import pypdfium2.raw as pdfium

from app.evidence.reading.layout.page import Page
from app.evidence.reading.pdf.page_codes import codes_on
from app.evidence.reading.pdf.text_layer import read_page
from app.evidence.reading.provenance import Code

_USUALLY = 512  # bytes of a metadata value in UTF-16


class CannotOpen(Exception):
    """PDFium refuses the file; `locked` if a password is missing."""

    def __init__(self, code: int) -> None:
        super().__init__(f"PDFium error {code}")
        self.locked = code == pdfium.FPDF_ERR_PASSWORD


class PageDamaged(Exception):
    """The page cannot be loaded."""


class TextDocument:
    """An open file; a context manager, used within `reading_text`."""

    def __init__(self, data: bytes, *, mapped: bool = False) -> None:
        """`mapped` when every font of the file has a map to Unicode. Raises CannotOpen."""
        self._mapped = mapped
        self._data = data  # PDFium reads from it while the file is open
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
        """Return the text layer of a page, counted from 0, and its bar codes. Raises PageDamaged."""
        handle = pdfium.FPDF_LoadPage(self._document, index)
        if not handle:
            raise PageDamaged
        try:
            page = read_page(handle, index + 1, mapped=self._mapped)
            return page, codes_on(handle, page)
        finally:
            pdfium.FPDF_ClosePage(handle)

    def said(self, key: str) -> str:
        """Return a metadata value (Producer, Author, CreationDate), "" where the file has none."""
        size = _USUALLY
        while True:
            buffer = ctypes.create_string_buffer(size)
            length: int = pdfium.FPDF_GetMetaText(self._document, key.encode(), buffer, size)
            if length <= size:
                return buffer.raw[: max(0, length - 2)].decode("utf-16-le", "replace")
            size = length
