"""Read bar codes on a PDF page with a text layer: find candidate areas and decode them."""

import math
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from app.evidence.reading.layout.page import Box, Page, hull
from app.evidence.reading.provenance import Code, bar_codes

_SCALE = 150 / 72  # pixels per point
_MARGIN = 24.0  # points of quiet zone around a code
_CROWD = 100  # small paths: the smallest code has about as many
_SQUARE, _SLIM = 30.0, 12.0  # points per side; aspect ratio: rulings are longer


class CodePlaces:
    """Areas of a page that may be a code: single pictures, and clusters of small paths."""

    def __init__(self) -> None:
        self._pictures: list[Box] = []
        self._small: list[Box] = []

    def add_picture(self, box: Box) -> None:
        """Add a picture that is about half ink."""
        self._pictures.append(box)

    def add_path(self, box: Box) -> None:
        """Add any path."""
        wide, high = box[2] - box[0], box[3] - box[1]
        if max(wide, high) < _SQUARE and max(wide, high) < _SLIM * min(wide, high):
            self._small.append(box)

    @property
    def area(self) -> Box | None:
        """Return the box around all such areas, in the same frame; None when there are none."""
        places = [*self._pictures, *(self._small if len(self._small) > _CROWD else ())]
        return hull(places) if places else None


def codes_on(raw_page: Any, page: Page) -> list[Code]:
    """Return the codes in the page's `code_area`, with their boxes as a viewer shows them. Only this area is rendered,
    unrotated.
    """
    if page.code_area is None:
        return []
    x0, y0, x1, y1 = page.code_area
    area = page.view((x0 - _MARGIN, y0 - _MARGIN, x1 + _MARGIN, y1 + _MARGIN))
    wide = math.ceil(pdfium.FPDF_GetPageWidthF(raw_page) * _SCALE)
    high = math.ceil(pdfium.FPDF_GetPageHeightF(raw_page) * _SCALE)
    left, top = (max(0, math.floor(side * size)) for side, size in zip(area[:2], (wide, high), strict=True))
    right, bottom = (min(size, math.ceil(side * size)) for side, size in zip(area[2:], (wide, high), strict=True))
    if right <= left or bottom <= top:
        return []
    image = _drawn(raw_page, (left, top, right, bottom), (wide, high))
    across, down = (right - left) / wide, (bottom - top) / high
    return [
        (text, (left / wide + a * across, top / high + b * down, left / wide + c * across, top / high + d * down))
        for text, (a, b, c, d) in bar_codes(image)
    ]


def _drawn(raw_page: Any, part: tuple[int, int, int, int], size: tuple[int, int]) -> Any:
    """Render a part of the page in grey: left, top, right, bottom in pixels of the whole page at the given size."""
    left, top, right, bottom = part
    image = np.empty((bottom - top, right - left), np.uint8)
    grey, white = pdfium.FPDFBitmap_Gray, 0xFFFFFFFF
    bitmap = pdfium.FPDFBitmap_CreateEx(right - left, bottom - top, grey, image.ctypes.data, image.strides[0])
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, right - left, bottom - top, white)
        flags = pdfium.FPDF_GRAYSCALE | pdfium.FPDF_ANNOT
        pdfium.FPDF_RenderPageBitmap(bitmap, raw_page, -left, -top, *size, 0, flags)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return image
