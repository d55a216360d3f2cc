"""The characters of a PDF page as PDFium gives them, in runs that stand level and go on to the right."""

import ctypes
import math
from collections import deque
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from app.documents.frame import Frame, Sides
from app.documents.page import Box, Glyph, Line, line_of, make_line

_SAMPLE, _FIRST_LOOK = 24, 6  # characters that tell how the text of a page stands

_PRINTED = np.ones(
    0x10001, bool
)  # by code point: all but blanks, soft hyphens and what is no character; the last for all beyond
_PRINTED[[*range(33), 0xA0, 0xAD, 0x3000, 0xFFFE, 0xFFFF]] = False


def _taking_addresses(function: Any, result: Any, *arguments: Any) -> Any:
    """The same function for plain addresses instead of typed pointers: those called for each character take half the time so."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_loose_box = _taking_addresses(
    pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_angle = _taking_addresses(pdfium.FPDFText_GetCharAngle, ctypes.c_float, ctypes.c_void_p, ctypes.c_int)


class TextLayer:
    """The characters of one page, while its text page is open."""

    def __init__(self, text: Any, rotation: int) -> None:
        """`text` is PDFium's text page, `rotation` the page's /Rotate in quarter turns."""
        self.text, self.rotation = text, rotation
        self.address = ctypes.cast(text, ctypes.c_void_p).value
        self.count = pdfium.FPDFText_CountChars(text)

    def turn(self) -> int:
        """Quarter turns clockwise that make most of the text upright, seen from the page as shown; looked at on a sample."""
        sample = range(0, self.count, max(1, self.count // _SAMPLE))
        first = {self._quarter(index) for index in sample[:: max(1, len(sample) // _FIRST_LOOK)]}
        quarters = list(first) if len(first) == 1 else [self._quarter(index) for index in sample]
        votes = [0, 0, 0, 0]
        for quarter in quarters:
            if quarter is not None:
                votes[(quarter - self.rotation) % 4] += 1
        return max(range(4), key=votes.__getitem__)

    def _quarter(self, index: int) -> int | None:
        """How the character stands in user space, in quarter turns counter-clockwise; None when askew (seals, watermarks)."""
        quarters = _angle(self.address, index) / (math.pi / 2)
        nearest = round(quarters)
        return nearest % 4 if abs(quarters - nearest) < 0.06 else None

    def runs(self, frame: Frame) -> list[Line]:
        """Runs in the file's order; what stands beside the page is left out: no viewer shows it."""
        if self.count <= 0:
            return []
        codes = self._codes()
        printed = np.flatnonzero(_PRINTED[np.minimum(codes, 0x10000)])
        places = frame.place_all(self._boxes())[printed]
        text = codes[printed].tobytes().decode("utf-32-le", "surrogatepass")
        boxes: list[Box] = list(map(tuple, places.tolist()))
        upright = (self.rotation + frame.text_turn) % 4
        runs = [_run(text[a:b], boxes[a:b]) for a, b in self._spans(places, printed, upright)]
        return [run for run in runs if run and _on_page(run.box, frame)]

    def _codes(self) -> npt.NDArray[np.uint32]:
        """The code point at each index. The text as a whole comes at once, but has no place for characters of no meaning and two
        for some others: then they are asked for one by one."""
        units = np.zeros(self.count + 1, np.uint16)
        place = units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))
        length = pdfium.FPDFText_GetText(self.text, 0, self.count, place) - 1
        if length == self.count and not (units >> 11 == 0xD800 >> 11).any():
            return units[:-1].astype(np.uint32)
        return np.array([pdfium.FPDFText_GetUnicode(self.text, i) for i in range(self.count)], np.uint32)

    def _boxes(self) -> Sides:
        """Left, bottom, right, top of each character: as wide as the text goes on by it, as high as its font."""
        rects = np.zeros((self.count, 4), np.float32)  # FS_RECTF: left, top, right, bottom
        begin, size = rects.ctypes.data, rects.strides[0]
        places = range(begin, begin + size * self.count, size)
        deque(map(_loose_box, repeat(self.address), range(self.count), places), maxlen=0)
        return rects[:, [0, 3, 2, 1]].astype(np.float64)

    def _spans(self, places: Sides, printed: npt.NDArray[np.intp], upright: int) -> Iterator[tuple[int, int]]:
        """Begin and end of each run among the printed characters; what does not stand upright belongs to none."""
        middle, height = places[:, 1] + places[:, 3], places[:-1, 3] - places[:-1, 1]
        level = np.abs(np.diff(middle)) < 0.6 * height
        goes_on = level & (np.diff(places[:, 0]) >= -0.3 * height)
        starts = (np.flatnonzero(~goes_on) + 1).tolist()
        for start, end in zip([0, *starts], [*starts, len(places)], strict=True):
            first = next((i for i in range(start, end) if self._quarter(int(printed[i])) == upright), end)
            if first < end:
                yield first, end


def _run(text: str, boxes: list[Box]) -> Line | None:
    """A line of the characters; what was printed twice in one place to look bold counts once."""
    raw = list(text)
    if len(set(boxes)) < len(boxes):
        kept = [i for i, box in enumerate(boxes) if i == 0 or box != boxes[i - 1]]
        raw, boxes = [raw[i] for i in kept], [boxes[i] for i in kept]
    if any("\ud800" <= char <= "\udfff" for char in raw):
        return make_line(_paired(list(zip(raw, boxes, strict=True))))
    return line_of(raw, boxes)


def _paired(glyphs: list[Glyph]) -> list[Glyph]:
    """Surrogate halves, which some files give one by one, joined to one character; other lone halves are dropped."""
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


def _on_page(box: Box, frame: Frame) -> bool:
    """Whether a viewer sees it: text set beside the page is no evidence."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return 0 <= x <= frame.width and 0 <= y <= frame.height
