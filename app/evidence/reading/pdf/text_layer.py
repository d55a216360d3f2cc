"""Extract the text layer of PDF pages by PDFium: every character with its box, rulings, rotation undone. Runs in a
child process.
"""

import ctypes
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

from app.evidence.reading.layout.frame import Frame
from app.evidence.reading.layout.page import Box, Page, Ruling, join_runs
from app.evidence.reading.pdf.page_codes import CodePlaces
from app.evidence.reading.pdf.pdfium import taking_addresses
from app.evidence.reading.pdf.text_runs import TextLayer

_THIN = 2.5  # points: a path no thicker is a ruling
_MOST_OBJECTS = 20_000
_RIM = 0.15  # of a picture's side: text this near its edge may lie beside it
_SHORT = 6.0  # points: shorter ones are decoration

_ADDRESS, _EDGES = ctypes.c_void_p, (ctypes.c_float * 4)()
_EDGE_PLACES = range(ctypes.addressof(_EDGES), ctypes.addressof(_EDGES) + 16, 4)
_object = taking_addresses(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, ctypes.c_int)
_kind = taking_addresses(pdfium.FPDFPageObj_GetType, ctypes.c_int, _ADDRESS)
_render_mode = taking_addresses(pdfium.FPDFTextObj_GetTextRenderMode, ctypes.c_int, _ADDRESS)
_bounds_into = taking_addresses(pdfium.FPDFPageObj_GetBounds, ctypes.c_int, *[_ADDRESS] * 5)

_NO_TEXT = pdfium.FPDF_TEXTRENDERMODE_UNKNOWN
_READ = 0x100  # PyBUF_READ
_memory = ctypes.PYFUNCTYPE(ctypes.py_object, _ADDRESS, ctypes.c_ssize_t, ctypes.c_int)(
    ("PyMemoryView_FromMemory", ctypes.pythonapi)
)

Matrix = tuple[float, float, float, float, float, float]


def read_page(raw_page: Any, number: int, *, mapped: bool = False) -> Page:
    """Return the page's text layer as lines; a page without one has no lines. Unless every font is `mapped` to Unicode,
    unmapped characters are replaced by U+FFFD, because PDFium only guesses them.
    """
    bounds = _bounds(raw_page)
    rotation = pdfium.FPDFPage_GetRotation(raw_page)
    text = pdfium.FPDFText_LoadPage(raw_page)
    try:
        layer = TextLayer(text, rotation, mapped=mapped)
        frame = Frame(bounds, rotation, layer.turn())
        lines = join_runs(layer.runs(frame))
    finally:
        pdfium.FPDFText_ClosePage(text)
    page = Page(number, lines, frame.width, frame.height, "text", frame.view)
    _note_objects(raw_page, frame, page)
    return page


def _bounds(raw_page: Any) -> Box:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(raw_page, rect):
        return 0.0, 0.0, 612.0, 792.0
    return rect.left, rect.bottom, rect.right, rect.top


_SMALL = 80.0  # points: a path that may be a handwritten mark or a tick box
_MOST_STROKES = 400  # a page with more is a drawing


def _note_objects(raw_page: Any, frame: Frame, page: Page) -> None:
    """Collect rulings (thin paths, sides of drawn rectangles), and pictures or clusters of paths that may be a bar
    code.
    """
    texts = unseen = 0
    places = CodePlaces()
    for item, mode, matrix in _objects(raw_page, page):
        if mode != _NO_TEXT:
            texts += 1
            unseen += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            continue
        kind, place = _kind(item), _bounds_of(item, matrix)
        if place is None:
            continue
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            box = frame.place(*place)
            places.add_path(box)
            if box[2] - box[0] < _SMALL and box[3] - box[1] < _SMALL and len(page.strokes) < _MOST_STROKES:
                page.strokes.append(box)
            _add_path(item, box, page.horizontal, page.vertical)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = frame.place(*place)
            if _squarish(place) and not _printed_over(page, box) and _half_dark(item):
                places.add_picture(box)
            elif _hides(item, place, frame):
                unseen = texts
    page.code_area = places.area
    page.unseen_text = unseen > 0.5 * texts


def _objects(raw_page: Any, page: Page) -> Iterator[tuple[int, int, Matrix | None]]:
    """Yield what is drawn on the page and in its forms (some programs wrap whole pages): address, text rendering mode,
    the form's matrix.
    """
    address = ctypes.cast(raw_page, ctypes.c_void_p).value
    count = pdfium.FPDFPage_CountObjects(raw_page)
    page.drawn = count > 0
    for item in map(_object, repeat(address), range(min(count, _MOST_OBJECTS))):
        mode = _render_mode(item)
        if mode != _NO_TEXT or _kind(item) != pdfium.FPDF_PAGEOBJ_FORM:
            yield item, mode, None
            continue
        found, form = pdfium.FS_MATRIX(), ctypes.cast(item, pdfium.FPDF_PAGEOBJECT)
        pdfium.FPDFPageObj_GetMatrix(form, found)
        matrix = (found.a, found.b, found.c, found.d, found.e, found.f)
        for inner in range(min(pdfium.FPDFFormObj_CountObjects(form), _MOST_OBJECTS)):
            part = _address(pdfium.FPDFFormObj_GetObject(form, inner))
            yield part, _render_mode(part), matrix


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _bounds_of(item: int, matrix: Matrix | None) -> Box | None:
    """Return left, bottom, right and top in user space."""
    if not _bounds_into(item, *_EDGE_PLACES):
        return None
    left, bottom, right, top = _EDGES
    if matrix is None:
        return left, bottom, right, top
    a, b, c, d, e, f = matrix
    xs, ys = zip(*((a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _squarish(place: Box) -> bool:
    wide, high = place[2] - place[0], place[3] - place[1]
    return 30 < wide < 250 and 0.85 < wide / max(1e-3, high) < 1.18


def _hides(item: int, place: Box, frame: Frame) -> bool:
    """Whether a picture covers what was drawn before it: it fills nearly the whole page and is opaque."""
    area = (place[2] - place[0]) * (place[3] - place[1])
    if area < 0.8 * frame.width * frame.height:
        return False
    return not pdfium.FPDFPageObj_HasTransparency(ctypes.cast(item, pdfium.FPDF_PAGEOBJECT))


def _printed_over(page: Page, box: Box) -> bool:
    """Whether text lies within the picture, as under seals and never on a code. Faster to determine than its darkness."""
    wide, high = (box[2] - box[0]) * _RIM, (box[3] - box[1]) * _RIM
    x0, y0, x1, y1 = box[0] + wide, box[1] + high, box[2] - wide, box[3] - high
    return any(
        y0 < (line.box[1] + line.box[3]) / 2 < y1
        and line.box[0] < x1
        and x0 < line.box[2]
        and any(x0 < (b[0] + b[2]) / 2 < x1 for b in line.boxes)
        for line in page.lines
    )


def _half_dark(item: int) -> bool:
    """Whether about half of the picture is dark, as in a matrix code; seals and stamps are mostly paper, portraits
    mostly shades.
    """
    bitmap = pdfium.FPDFImageObj_GetBitmap(ctypes.cast(item, pdfium.FPDF_PAGEOBJECT))
    if not bitmap:
        return False
    try:
        size = pdfium.FPDFBitmap_GetStride(bitmap) * pdfium.FPDFBitmap_GetHeight(bitmap)
        if not 0 < size < 16_000_000:
            return False
        sample = bytes(_memory(pdfium.FPDFBitmap_GetBuffer(bitmap), size, _READ)[:: max(1, size // 4001)])
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    dark, light = (len(sample) - len(sample.translate(None, bytes(shades))) for shades in (range(80), range(176, 256)))
    return 0.25 < dark / len(sample) < 0.75 and dark + light > 0.9 * len(sample)


def _add_path(item: int, box: Box, horizontal: list[Ruling], vertical: list[Ruling]) -> None:
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    if high <= _THIN < _SHORT < wide:
        horizontal.append(Ruling(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif wide <= _THIN < _SHORT < high:
        vertical.append(Ruling((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
    elif wide > _SHORT and high > _SHORT and _is_stroked_rectangle(item):
        horizontal += [Ruling(x0, y0, x1, y0), Ruling(x0, y1, x1, y1)]
        vertical += [Ruling(x0, y0, x0, y1), Ruling(x1, y0, x1, y1)]


def _is_stroked_rectangle(item: int) -> bool:
    path = ctypes.cast(item, pdfium.FPDF_PAGEOBJECT)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke) or not stroke.value:
        return False
    count = pdfium.FPDFPath_CountSegments(path)
    if count not in (4, 5, 6):
        return False
    kinds = [pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(path, i)) for i in range(count)]
    return pdfium.FPDF_SEGMENT_BEZIERTO not in kinds
