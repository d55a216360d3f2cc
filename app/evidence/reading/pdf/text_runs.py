"""The characters of a PDF page as PDFium returns them, grouped into level runs to the right."""

import ctypes
import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from app.evidence.reading.layout.frame import Frame, Sides
from app.evidence.reading.layout.page import Box, Glyph, Line, height_of, make_line, single_forms
from app.evidence.reading.pdf.pdfium import taking_addresses

_LOW = 0.85  # of an ideograph's width: a lower box is not that of its em square
_NARROW, _USUAL = 0.3, 0.9  # of an ideograph's height: narrower boxes are outlines; most are about as wide
_FEW = 6  # characters of a ring that may be level with one another
_SAMPLE, _FIRST_LOOK = 24, 6  # characters sampled for the orientation of a page's text

_PRINTED = np.ones(
    0x10001, bool
)  # by code point: all but blanks, soft hyphens, stars of seals and noncharacters; the last for all beyond
_PRINTED[[*range(33), 0xA0, 0xAD, 0x2605, 0x2606, 0x3000, 0xFFFE, 0xFFFF]] = False


_loose_box = taking_addresses(
    pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_text = taking_addresses(
    pdfium.FPDFText_GetText, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
)
_angle = taking_addresses(pdfium.FPDFText_GetCharAngle, ctypes.c_float, ctypes.c_void_p, ctypes.c_int)
_unknown = taking_addresses(pdfium.FPDFText_HasUnicodeMapError, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_REPLACEMENT = 0xFFFD


class TextLayer:
    """The characters of one page, while its text page is open."""

    def __init__(self, text: Any, rotation: int, *, mapped: bool = False) -> None:
        """`text` is PDFium's text page, `rotation` the page's /Rotate in quarter turns; `mapped` when every font has a
        map to Unicode.
        """
        self.text, self.rotation, self.mapped = text, rotation, mapped
        self.address = ctypes.cast(text, ctypes.c_void_p).value
        self.count = pdfium.FPDFText_CountChars(text)

    def turn(self) -> int:
        """Return the clockwise quarter turns that make most of the text upright, relative to the page as shown; from a
        sample.
        """
        sample = range(0, self.count, max(1, self.count // _SAMPLE))
        first = {self._quarter(index) for index in sample[:: max(1, len(sample) // _FIRST_LOOK)]}
        quarters = list(first) if len(first) == 1 else [self._quarter(index) for index in sample]
        votes = [0, 0, 0, 0]
        for quarter in quarters:
            if quarter is not None:
                votes[(quarter - self.rotation) % 4] += 1
        return max(range(4), key=votes.__getitem__)

    def _quarter(self, index: int) -> int | None:
        """Return the orientation of a character in user space, in quarter turns counter-clockwise; None when askew
        (seals, watermarks).
        """
        quarters = _angle(self.address, index) / (math.pi / 2)
        nearest = round(quarters)
        return nearest % 4 if abs(quarters - nearest) < 0.06 else None

    def runs(self, frame: Frame) -> list[Line]:
        """Return runs in file order; text outside the page is omitted, since no viewer shows it."""
        if self.count <= 0:
            return []
        codes = self._codes()
        if not self.mapped:
            unmapped = np.fromiter(map(_unknown, repeat(self.address), range(self.count)), bool, self.count)
            codes[unmapped] = _REPLACEMENT
        printed = np.flatnonzero(_PRINTED[np.minimum(codes, 0x10000)])
        codes, places = codes[printed], frame.place_all(self._boxes())[printed]
        _widen_narrow(places, codes)
        spans = list(self._spans(places, printed, (self.rotation + frame.text_turn) % 4))
        _raise_low(places, codes, spans)
        raw = list(codes.tobytes().decode("utf-32-le", "surrogatepass"))
        return [run for run in _lines(raw, places, spans) if _on_page(run.box, frame)]

    def _codes(self) -> npt.NDArray[np.uint32]:
        """Return the code point at each index. The whole text is fetched at once, but omits characters without meaning
        and uses two positions for some others: then they are fetched one by one.
        """
        units = np.empty(self.count + 1, np.uint16)
        length = _text(self.address, 0, self.count, units.ctypes.data) - 1
        if length == self.count and not np.count_nonzero(units >> 11 == 0xD800 >> 11):
            return units[:-1].astype(np.uint32)
        return np.array([pdfium.FPDFText_GetUnicode(self.text, i) for i in range(self.count)], np.uint32)

    def _boxes(self) -> Sides:
        """Return left, bottom, right, top of each character: as wide as its advance, as high as its font."""
        rects = np.zeros((self.count, 4), np.float32)  # FS_RECTF: left, top, right, bottom
        begin, size = rects.ctypes.data, rects.strides[0]
        places = range(begin, begin + size * self.count, size)
        deque(map(_loose_box, repeat(self.address), range(self.count), places), maxlen=0)
        return rects[:, [0, 3, 2, 1]].astype(np.float64)

    def _spans(self, places: Sides, printed: npt.NDArray[np.intp], upright: int) -> Iterator[tuple[int, int]]:
        """Return begin and end of each run among the printed characters; characters that are not upright belong to
        none.
        """
        starts = (np.flatnonzero(~goes_on(places)) + 1).tolist()
        for start, end in zip([0, *starts], [*starts, len(places)], strict=True):
            few = end - start <= _FEW
            first = next(
                (
                    i
                    for i in range(start, end)
                    if self._quarter(int(printed[i])) == upright and not (few and self._in_a_ring(i, printed))
                ),
                end,
            )
            if first < end:
                yield first, end

    def _in_a_ring(self, index: int, printed: npt.NDArray[np.intp]) -> bool:
        """Whether a nearly upright character belongs to text around a seal: its neighbours in the file are askew."""
        if not 0 < index < len(printed) - 1:
            return False
        before, own, after = (_angle(self.address, int(i)) for i in printed[index - 1 : index + 2])
        turned = [abs(math.sin(own - other)) > 0.05 for other in (before, after)]
        return all(turned) or (any(turned) and abs(math.sin(2 * own)) > 0.01)


def _widen_narrow(places: Sides, codes: npt.NDArray[np.uint32]) -> None:
    """Widen ideographs and full-width characters to their height where PDFium gives them the box of an outline:
    characters that the file states for a drawing (ActualText).
    """
    high = places[:, 3] - places[:, 1]
    narrow = (places[:, 2] - places[:, 0] < _NARROW * high) & (codes >= 0x2E80) & (codes <= 0xFF60)
    if narrow.any():
        places[narrow, 2] = places[narrow, 0] + _USUAL * high[narrow]


def _raise_low(places: Sides, codes: npt.NDArray[np.uint32], spans: list[tuple[int, int]]) -> None:
    """Raise boxes of ideographs, and of the other characters of their run, to the width of an ideograph: some fonts
    state half that ascent.
    """
    han = np.flatnonzero((codes >= 0x4E00) & (codes <= 0x9FFF))
    wide, high = places[:, 2] - places[:, 0], places[:, 3] - places[:, 1]
    low = han[high[han] < _LOW * wide[han]]
    if not len(low):
        return
    for start, end in spans:
        if np.searchsorted(low, start) == np.searchsorted(low, end):
            continue  # where none is low, half of them are not
        inside = han[np.searchsorted(han, start) : np.searchsorted(han, end)]
        if len(inside) and np.median(high[inside]) < _LOW * (em := float(np.median(wide[inside]))):
            short = start + np.flatnonzero(high[start:end] < em)
            lack = (em - high[short]) / 2
            places[short, 1] -= lack
            places[short, 3] += lack


def goes_on(places: Sides) -> npt.NDArray[np.bool_]:
    """Whether each character but the first continues the line of its predecessor: level with it and to its right. Full
    stops and commas may be low: fonts without a stated ascent give them the box of their ink.
    """
    last, next_ = places[:-1], places[1:]
    heights = places[:, 3] - places[:, 1]
    height, right_of = heights[:-1], next_[:, 0] - last[:, 0]
    level = np.abs(last[:, 1] + last[:, 3] - next_[:, 1] - next_[:, 3]) < 0.6 * height
    going: npt.NDArray[np.bool_] = level & (right_of >= -0.3 * height)
    tallest = np.maximum(height, heights[1:])
    low = np.minimum(height, heights[1:]) < 0.5 * tallest
    if low.any():
        taller = (height >= heights[1:])[:, None]
        tall, short = np.where(taller, last, next_), np.where(taller, next_, last)
        beside = next_[:, 0] - last[:, 2]
        within = (tall[:, 1] - 0.1 * tallest <= short[:, 1]) & (short[:, 3] <= tall[:, 3] + 0.2 * tallest)
        going |= low & within & (beside < tallest) & (right_of >= -0.3 * tallest)
    return going


def _lines(raw: list[str], places: Sides, spans: Iterable[tuple[int, int]]) -> Iterator[Line]:
    """Build a line for each span of the characters; fast path where each follows the one before and has a
    single-character normal form, as nearly always.
    """
    x0, y0, x1, y1 = places.T.tolist()
    boxes: list[Box] = list(zip(x0, y0, x1, y1, strict=True))
    heights, gaps = (places[:, 3] - places[:, 1]).tolist(), (places[1:, 0] - places[:-1, 2]).tolist()
    back = (np.flatnonzero(np.diff(places[:, 0]) <= 0) + 1).tolist()  # overlapping or in the same place
    forms = single_forms(raw)
    odd = [i for i, form in enumerate(forms) if not form] if "" in forms else []
    for a, b in spans:
        if bisect_left(back, a + 1) < bisect_left(back, b) or bisect_left(odd, a) < bisect_left(odd, b):
            line = _line(raw[a:b], boxes[a:b])
            if line:
                yield line
            continue
        height = max(height_of(forms[a:b], heights[a:b]), 1e-6)
        box = x0[a], min(y0[a:b]), max(x1[a:b]), max(y1[a:b])
        between = [0.0, *[gap / height for gap in gaps[a : b - 1]]]
        yield Line("".join(forms[a:b]), raw[a:b], boxes[a:b], between, box, height)


def _line(raw: list[str], boxes: list[Box]) -> Line | None:
    """Build a line; a character printed twice in one place to look bold counts once. Surrogate halves share a box."""
    kept = [i for i, box in enumerate(boxes) if i == 0 or box != boxes[i - 1] or "\udc00" <= raw[i] <= "\udfff"]
    return make_line(_paired([(raw[i], boxes[i]) for i in kept]))


def _paired(glyphs: list[Glyph]) -> list[Glyph]:
    """Join surrogate halves, which some files give one by one, into one character; other lone halves are dropped."""
    if not any("\ud800" <= char <= "\udfff" for char, _ in glyphs):
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


def _on_page(box: Box, frame: Frame) -> bool:
    """Whether a viewer shows it: text outside the page is no evidence."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return 0 <= x <= frame.width and 0 <= y <= frame.height
