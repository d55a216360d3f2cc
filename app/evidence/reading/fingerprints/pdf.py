"""The parts of a fingerprint that a PDF provides. Runs in a child process."""

from ctypes import byref, c_float, c_ulong, create_string_buffer
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from app.evidence.reading.fingerprints.entries import Piece, image_entry, origin_of
from app.evidence.reading.layout.page import Box
from app.evidence.reading.limits import Limits
from app.evidence.reading.pdf.pdfium import reading_text
from app.evidence.reading.pdf.soundness import is_sound
from app.evidence.reading.pdf.text_layer import read_page
from app.evidence.reading.provenance import pdf_time

Parts = tuple[dict[str, Any], list[Any], list[Piece]]
_LONGEST_NAME = 128


def pdf_parts(data: bytes, limits: Limits) -> Parts:
    """Return origin, pictures and lines of text; empty for a file that PDFium cannot open."""
    with reading_text():
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError:
            return {}, [], []
        try:
            return _parts(document, limits)
        finally:
            document.close()


def _parts(document: Any, limits: Limits) -> Parts:
    images: list[Any] = []
    pieces: list[Piece] = []
    fonts: set[str] = set()
    for number in range(1, min(len(document), limits.pages) + 1):
        try:
            handle = document[number - 1]
        except pdfium.PdfiumError:
            continue
        try:
            pieces += _lines(handle.raw, number)
            for found in _objects(handle, number, fonts):
                images.append(found)
        finally:
            handle.close()
    said = {key: document.get_metadata_value(key).strip() for key in ("Producer", "Author", "CreationDate")}
    origin = origin_of(
        producer=said["Producer"][:300],
        author=said["Author"][:300],
        createdAt=pdf_time(said["CreationDate"]),
        documentId=_identifier(document),
        fonts=sorted(fonts),
    )
    return origin, images, pieces


def _identifier(document: Any) -> str | None:
    """Return the permanent part of the file's /ID: it survives editing and saving under another name."""
    size = raw.FPDF_GetFileIdentifier(document.raw, raw.FILEIDTYPE_PERMANENT, None, 0)
    if not 1 < size <= _LONGEST_NAME:
        return None
    buffer = create_string_buffer(size)
    raw.FPDF_GetFileIdentifier(document.raw, raw.FILEIDTYPE_PERMANENT, buffer, size)
    return buffer.raw[: size - 1].hex() or None


def _lines(page: Any, number: int) -> list[Piece]:
    read = read_page(page, number)
    if not is_sound(read):
        return []
    return [(line.chars, number, _rounded(read.view(line.box))) for line in read.lines]


def _rounded(box: Box) -> Box:
    a, b, c, d = (round(min(1.0, max(0.0, value)), 3) for value in box)
    return a, b, c, d


def _objects(handle: Any, number: int, fonts: set[str]) -> list[Any]:
    """Return the pictures of a page; names of embedded fonts are added to `fonts`."""
    found = []
    for item in handle.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT], max_depth=3):
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            if name := _font(item.raw):
                fonts.add(name)
        elif entry := _picture(handle, item, number):
            found.append(entry)
    return found


def _font(item: Any) -> str | None:
    font = raw.FPDFTextObj_GetFont(item)
    if not font or raw.FPDFFont_GetIsEmbedded(font) != 1:
        return None
    size = raw.FPDFFont_GetBaseFontName(font, None, 0)
    if not 1 < size <= _LONGEST_NAME:
        return None
    buffer = create_string_buffer(size)
    raw.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def _picture(handle: Any, item: Any, number: int) -> list[Any] | None:
    """Hash the stream as stored in the file: the same scan in two files is the same stream."""
    meta = raw.FPDF_IMAGEOBJ_METADATA()
    if not raw.FPDFImageObj_GetImageMetadata(item.raw, handle.raw, byref(meta)):
        return None
    size: int = raw.FPDFImageObj_GetImageDataRaw(item.raw, None, 0)
    buffer = create_string_buffer(size)
    raw.FPDFImageObj_GetImageDataRaw(item.raw, buffer, c_ulong(size))
    return image_entry(buffer.raw, meta.width * meta.height, number, _box(handle, item))


def _box(handle: Any, item: Any) -> Box | None:
    left, bottom, right, top = (c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item.raw, byref(left), byref(bottom), byref(right), byref(top)):
        return None
    if handle.get_rotation():
        return None  # boxes are given for upright pages only
    x0, y0, x1, y1 = handle.get_bbox()
    wide, high = x1 - x0, y1 - y0
    return _rounded(
        ((left.value - x0) / wide, (y1 - top.value) / high, (right.value - x0) / wide, (y1 - bottom.value) / high)
    )
