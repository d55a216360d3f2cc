"""The text layer of PDF pages by PDFium: every character with its box, ruling lines, rotation undone. Runs in a child process."""

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from app.documents.page import Box, Glyph, Line, Page, Ruling, join_runs, make_line

_THIN = 2.5  # points: a path no thicker is a ruling line
_MOST_OBJECTS = 20_000
_SHORT = 6.0  # points: shorter ones are decoration

Matrix = tuple[float, float, float, float, float, float]


class Frame:
    """Turns PDF user space into the upright frame (points, y down) and boxes of the frame into the viewer's 0..1."""

    def __init__(self, bounds: Box, page_turn: int, text_turn: int = 0) -> None:
        """`bounds` is the visible box in user space, `page_turn` the page's /Rotate in quarter turns,
        `text_turn` how the text itself stands.
        """
        self.bounds, self.page_turn, self.text_turn = bounds, page_turn % 4, text_turn % 4
        wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
        self.turn = (self.page_turn + self.text_turn) % 4
        self.width, self.height = (high, wide) if self.turn % 2 else (wide, high)

    def place(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of user space in the frame."""
        x0, y0, x1, y1 = self.bounds
        if self.turn == 0:
            return left - x0, y1 - top, right - x0, y1 - bottom
        if self.turn == 1:
            return bottom - y0, left - x0, top - y0, right - x0
        if self.turn == 2:
            return x1 - right, bottom - y0, x1 - left, top - y0
        return y1 - top, x1 - right, y1 - bottom, x1 - left

    def view(self, box: Box) -> Box:
        """A box of the frame as the viewer shows it, 0..1."""
        a, b, c, d = box[0] / self.width, box[1] / self.height, box[2] / self.width, box[3] / self.height
        return turn_box((a, b, c, d), -self.text_turn)


def turn_box(box: Box, quarters: int) -> Box:
    """A box in 0..1 after turning its page clockwise by quarter turns."""
    a, b, c, d = box
    for _ in range(quarters % 4):
        a, b, c, d = 1 - d, a, 1 - b, c
    return a, b, c, d


def read_page(raw_page: Any, number: int) -> Page:
    """The page's text layer as lines; a page without one has no lines."""
    bounds = _bounds(raw_page)
    rotation = pdfium.FPDFPage_GetRotation(raw_page)
    text = pdfium.FPDFText_LoadPage(raw_page)
    try:
        count = pdfium.FPDFText_CountChars(text)
        frame = Frame(bounds, rotation, _text_turn(text, count, rotation))
        lines = join_runs(_runs(text, count, frame, rotation))
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


def _quarter(text: Any, index: int) -> int | None:
    """How the character stands in user space, in quarter turns counter-clockwise; None when askew (seals, watermarks)."""
    angle = pdfium.FPDFText_GetCharAngle(text, index)
    quarters = angle / (math.pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) < 0.06 else None


def _text_turn(text: Any, count: int, rotation: int) -> int:
    """Quarter turns clockwise that make most of the text upright, seen from the page as shown; looked at on a sample."""
    votes = [0, 0, 0, 0]
    for index in range(0, count, max(1, count // 24)):
        quarter = _quarter(text, index)
        if quarter is not None:
            votes[(quarter - rotation) % 4] += 1
    return max(range(4), key=votes.__getitem__)


def _runs(text: Any, count: int, frame: Frame, rotation: int) -> list[Line]:
    """Runs of characters in the file's order that stand level and go on to the right."""
    runs: list[Line] = []
    current: list[Glyph] = []
    rect = pdfium.FS_RECTF()
    get_unicode, get_box, place = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, frame.place
    upright = (rotation + frame.text_turn) % 4
    last: Box | None = None
    for index in range(count):
        code = get_unicode(text, index)
        if code <= 32 or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF, 0xAD) or not get_box(text, index, rect):
            continue
        box = place(rect.left, rect.bottom, rect.right, rect.top)
        if last is None or not _goes_on(last, box):
            _close(current, runs)
            current = []
            if _quarter(text, index) != upright:
                last = None
                continue
        elif box == last:
            continue  # printed twice in one place to look bold
        current.append((chr(code), box))
        last = box
    _close(current, runs)
    return [run for run in runs if _on_page(run.box, frame)]


def _on_page(box: Box, frame: Frame) -> bool:
    """Whether a viewer sees it: text set beside the page is no evidence."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return 0 <= x <= frame.width and 0 <= y <= frame.height


def _goes_on(last: Box, box: Box) -> bool:
    height = last[3] - last[1]
    return abs(box[1] + box[3] - last[1] - last[3]) < height * 0.6 and box[0] >= last[0] - 0.3 * height


def _close(glyphs: list[Glyph], runs: list[Line]) -> None:
    if glyphs:
        run = make_line(_paired(glyphs))
        if run:
            runs.append(run)


def _paired(glyphs: list[Glyph]) -> list[Glyph]:
    """Surrogate halves, which some files give one by one, joined to one character; other lone halves are dropped."""
    if not any("\ud800" <= g[0] <= "\udfff" for g in glyphs):
        return glyphs
    out: list[Glyph] = []
    high: str | None = None
    for char, box in glyphs:
        if "\ud800" <= char <= "\udbff":
            high = char
        elif "\udc00" <= char <= "\udfff":
            if high:
                out.append(((high + char).encode("utf-16", "surrogatepass").decode("utf-16"), box))
            high = None
        else:
            out.append((char, box))
    return out


def _note_objects(raw_page: Any, frame: Frame, page: Page) -> None:
    """Ruling lines (thin paths, sides of drawn rectangles), and whether a picture or a crowd of paths may be a bar code."""
    paths = texts = unseen = 0
    for item, kind, matrix in _objects(raw_page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            texts += 1
            unseen += pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            continue
        place = _bounds_of(item, matrix)
        if place is None:
            continue
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            _add_path(item, frame.place(*place), page.horizontal, page.vertical)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and _squarish(place):
            page.may_hold_code = page.may_hold_code or _half_dark(item)
    page.may_hold_code = page.may_hold_code or paths > 400
    page.unseen_text = unseen > 0.5 * texts


def _objects(raw_page: Any) -> Iterator[tuple[Any, int, Matrix | None]]:
    """What is drawn on the page, and in forms placed on it (some programs wrap whole pages), with the form's map."""
    for index in range(min(pdfium.FPDFPage_CountObjects(raw_page), _MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(raw_page, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield item, kind, None
            continue
        found = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, found)
        matrix = (found.a, found.b, found.c, found.d, found.e, found.f)
        for inner in range(min(pdfium.FPDFFormObj_CountObjects(item), _MOST_OBJECTS)):
            part = pdfium.FPDFFormObj_GetObject(item, inner)
            yield part, pdfium.FPDFPageObj_GetType(part), matrix


def _bounds_of(item: Any, matrix: Matrix | None) -> Box | None:
    """Left, bottom, right and top in user space."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return None
    left, bottom, right, top = (e.value for e in edges)
    if matrix is None:
        return left, bottom, right, top
    a, b, c, d, e, f = matrix
    xs, ys = zip(*((a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _squarish(place: Box) -> bool:
    wide, high = place[2] - place[0], place[3] - place[1]
    return 30 < wide < 250 and 0.85 < wide / max(1e-3, high) < 1.18


def _half_dark(item: Any) -> bool:
    """Whether about half of the picture is dark, as in a matrix code; seals and stamps are mostly paper, portraits mostly shades."""
    bitmap = pdfium.FPDFImageObj_GetBitmap(item)
    if not bitmap:
        return False
    try:
        size = pdfium.FPDFBitmap_GetStride(bitmap) * pdfium.FPDFBitmap_GetHeight(bitmap)
        if not 0 < size < 16_000_000:
            return False
        sample = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), size)[:: max(1, size // 4001)]
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    dark, light = (len(sample) - len(sample.translate(None, bytes(shades))) for shades in (range(80), range(176, 256)))
    return 0.25 < dark / len(sample) < 0.75 and dark + light > 0.9 * len(sample)


def _add_path(item: Any, box: Box, horizontal: list[Ruling], vertical: list[Ruling]) -> None:
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    if high <= _THIN < _SHORT < wide:
        horizontal.append(Ruling(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif wide <= _THIN < _SHORT < high:
        vertical.append(Ruling((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
    elif wide > _SHORT and high > _SHORT and _is_stroked_rectangle(item):
        horizontal += [Ruling(x0, y0, x1, y0), Ruling(x0, y1, x1, y1)]
        vertical += [Ruling(x0, y0, x0, y1), Ruling(x1, y0, x1, y1)]


def _is_stroked_rectangle(item: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke) or not stroke.value:
        return False
    count = pdfium.FPDFPath_CountSegments(item)
    if count not in (4, 5, 6):
        return False
    kinds = [pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(item, i)) for i in range(count)]
    return pdfium.FPDF_SEGMENT_BEZIERTO not in kinds
