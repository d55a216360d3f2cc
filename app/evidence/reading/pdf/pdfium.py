"""Set up PDFium with fonts for references that are not embedded: bundled fonts to render pages, the plain font to
extract text.
"""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts
from pypdfium2 import raw

from app.evidence.reading.pdf.plain_font import plain_font

_PLAIN = 1  # the handle of the plain font; others are addresses
_GB2312 = 134  # FXFONT_GB2312_CHARSET
_STANDARD = re.compile(  # the standard 14 (ISO 32000-1, 9.6.2.2), which a file may use without widths: PDFium has them
    rb"(?:Helvetica|Times ?(?:New ?)?(?:Roman)?|Courier ?(?:New)?|Arial)(?:PS|MT|[-, ]|Bold|Italic|Oblique|Roman)*|Symbol|ZapfDingbats"
)


def taking_addresses(function: Any, result: Any, *arguments: Any) -> Any:
    """Bind a function of PDFium to plain addresses instead of typed pointers: calls for each character or object of a
    page take half the time.
    """
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


@lru_cache(maxsize=1)
def set_up() -> tuple[Any, ...]:
    """Restart PDFium with the bundled fonts; once per process, before any document is opened. The result keeps its
    parts alive. System fonts are not used: pages look the same everywhere, and no large font file is opened for each
    PDF.
    """
    folder = ctypes.create_string_buffer(str(Path(fonts.serif_path()).parent).encode())
    pointers = (ctypes.POINTER(ctypes.c_char) * 2)()  # ends with a null pointer
    pointers[0] = ctypes.cast(folder, ctypes.POINTER(ctypes.c_char))
    raw.FPDF_DestroyLibrary()
    config = raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=pointers, m_pIsolate=None, m_v8EmbedderSlot=0)
    raw.FPDF_InitLibraryWithConfig(config)
    _FONTS.answer_pdfium()
    return folder, pointers


@contextmanager
def reading_text() -> Iterator[None]:
    """Within this context documents are opened and closed for text extraction, not rendering: the plain font replaces
    every font.
    """
    set_up()
    _FONTS.plain = True
    try:
        yield
    finally:
        _FONTS.plain = False


class _Fonts:
    """Answers PDFium's font requests (FPDF_SYSFONTINFO) with the plain font, or through PDFium's own font mapper."""

    def __init__(self) -> None:
        self.plain = False
        self._data = plain_font()

    def answer_pdfium(self) -> None:
        """Intercept PDFium's font requests from now on."""
        self._finder = raw.FPDF_GetDefaultSystemFontInfo()
        self._own = self._finder.contents
        kinds = dict(raw.FPDF_SYSFONTINFO._fields_)
        answers = {
            "Release": lambda _: None,
            "EnumFonts": lambda _, mapper: self._own.EnumFonts(self._finder, mapper),
            "MapFont": self._map_font,
            "GetFont": lambda _, face: self._own.GetFont(self._finder, face),
            "GetFontData": self._font_data,
            "GetFaceName": self._face_name,
            "GetFontCharset": self._charset,
            "DeleteFont": self._delete,
        }
        self._answers = raw.FPDF_SYSFONTINFO(version=1, **{name: kinds[name](call) for name, call in answers.items()})
        raw.FPDF_SetSystemFontInfo(self._answers)

    def _map_font(
        self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> int | None:
        if self.plain and not _STANDARD.fullmatch(ctypes.string_at(face) if face else b""):
            return _PLAIN
        found: int | None = self._own.MapFont(self._finder, weight, italic, charset, pitch, face, exact)
        return found

    def _font_data(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:
        """Return the length of a table, or of the whole file (table 0), copied when there is room for it."""
        if font != _PLAIN:
            return int(self._own.GetFontData(self._finder, font, table, buffer, size))
        if table:
            return 0
        if size >= len(self._data):
            ctypes.memmove(buffer, self._data, len(self._data))
        return len(self._data)

    def _face_name(self, _: Any, font: int, buffer: Any, size: int) -> int:
        return 0 if font == _PLAIN else int(self._own.GetFaceName(self._finder, font, buffer, size))

    def _charset(self, _: Any, font: int) -> int:
        return _GB2312 if font == _PLAIN else int(self._own.GetFontCharset(self._finder, font))

    def _delete(self, _: Any, font: int) -> None:
        if font != _PLAIN:
            self._own.DeleteFont(self._finder, font)


_FONTS = _Fonts()
