"""Convert a picture of a page to placed lines of text: upright, deskewed, seals removed, lines detected and read,
rulings kept. Runs in a child process.
"""

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.evidence.reading.layout.page import Box, Glyph, Line, Page, Ruling, join_runs, make_line
from app.evidence.reading.recognition import imaging
from app.evidence.reading.recognition.imaging import Straightened
from app.evidence.reading.recognition.ocr import DETECT_SIDE, SQUEEZE, Image, Quads, Reading, mean_score, recogniser
from app.evidence.reading.text.characters import is_han

_READABLE = 0.6  # mean score of a line below which it is noise, a photo or a seal
_UPRIGHT = 0.85  # mean score of the longest lines that shows that the page is not upside down
_LARGEST = 3600  # pixels of the longer side: A4 at 300 dpi; more costs memory and shows nothing more
_PADDING = 0.16  # of a detected line's height, on each side, is paper


@dataclass(slots=True)
class Source:
    """The working pictures behind a page, for reading a place again."""

    straight: Straightened
    plain: Image  # red ink removed, where there was any
    scores: list[float] = field(default_factory=list)

    def cut(self, box: Box, *, plain: bool, margin: float = 0.15) -> Image:
        """Crop a box of the frame with a margin in fractions of its height."""
        image = self.plain if plain else self.straight.image
        pad = margin * (box[3] - box[1])
        x0, y0 = max(0, int(box[0] - 2 * pad)), max(0, int(box[1] - pad))
        return np.ascontiguousarray(image[y0 : int(box[3] + pad) + 1, x0 : int(box[2] + 2 * pad) + 1])


@dataclass(slots=True)
class RecognisedPage(Page):
    """A page that was read from a picture."""

    source: Source | None = None


def recognise(image: Image, number: int) -> RecognisedPage:
    """Read a picture (RGB or grey, in any orientation, as the viewer shows it) into a page; boxes refer to the picture
    given.
    """
    shown_height, shown_width = image.shape[:2]
    straight, quads = _straighten(imaging.with_contrast(imaging.bounded(image, _LARGEST)))
    mask = imaging.red_mask(straight.image)
    plain = straight.image if mask is None else imaging.without_red(straight.image, mask)
    slanted = imaging.steep(quads)
    if slanted.any():
        plain = imaging.without_watermark(plain, quads[slanted])
    if mask is not None or slanted.any():
        quads = recogniser().find(plain)
    quads = quads[~imaging.steep(quads)]
    runs = [line for quad in quads if (line := _read_line(plain, quad))]
    if mask is not None:
        runs = _with_red_lines(straight.image, mask, runs)
    runs = _without_noise(runs)
    height, width = straight.image.shape[:2]
    matrix = straight.matrix @ imaging.scaling(image, _LARGEST)

    def view(box: Box) -> Box:
        return imaging.box_back(matrix, box, shown_width, shown_height)

    page = RecognisedPage(
        number, join_runs(runs), width, height, "ocr", view, source=Source(straight, plain, [r.score for r in runs])
    )
    page.inked = bool(page.lines) or imaging.inked(plain)
    across, down = imaging.rulings(plain)
    page.horizontal = [r for r in across if not any(_stroke(r, line) for line in page.lines)]
    page.vertical = [r for r in down if not any(_stroke(r, line) for line in page.lines)]
    return page


def _stroke(ruling: Ruling, line: Line) -> bool:
    """Whether a detected ruling is only a row of strokes of printed characters: it lies within their line."""
    x0, y0, x1, y1 = line.box
    pad = 0.3 * line.height
    return x0 - pad <= ruling.x0 and ruling.x1 <= x1 + pad and y0 - pad / 2 <= ruling.y0 and ruling.y1 <= y1 + pad / 2


def _straighten(image: Image) -> tuple[Straightened, Quads]:
    """Flatten a photographed sheet, turn the page upright, remove its tilt; also returns the lines detected."""
    straight = imaging.as_shown(image)
    quads = recogniser().find(straight.image)
    corners = imaging.paper(image) if image.ndim == 3 else None
    if corners is not None and imaging.holds(corners, quads):
        straight = imaging.flatten(straight, corners)
        quads = recogniser().find(straight.image)
    quarters = _quarters(straight.image, quads)
    if quarters:
        straight = imaging.turn(straight, quarters)
        quads = recogniser().find(straight.image)
    degrees = imaging.tilt(quads)
    if imaging.needs_turn(degrees):
        height, width = straight.image.shape[:2]
        matrix = imaging.rotation(width, height, degrees)
        straight = imaging.warp(straight, matrix, width, height)
        quads = imaging.map_quads(matrix, quads)
    return straight, quads


def _quarters(image: Image, quads: Quads) -> int:
    """Return clockwise quarter turns that make the text upright: vertical lines show that it lies on its side, the
    better reading shows which.
    """
    if len(quads) == 0:
        return 0
    across, down = imaging.side_lengths(quads)
    lying, standing = across[across > 2 * down].sum(), down[down > 2 * across].sum()
    sideways = standing > lying
    longest = np.argsort(-np.maximum(across, down))[:4]
    cuts = [imaging.cut(image, quads[i]) for i in longest]
    if sideways:
        turned = {q: _mean([np.ascontiguousarray(np.rot90(c, -q)) for c in cuts]) for q in (1, 3)}
        return max(turned, key=lambda q: turned[q])
    upright = _mean(cuts[:2])
    if upright > _UPRIGHT:
        return 0
    return 2 if _mean([np.ascontiguousarray(np.rot90(c, 2)) for c in cuts]) > _mean(cuts) + 0.05 else 0


def _mean(cuts: list[Image]) -> float:
    readings = [recogniser().read(c) for c in cuts]
    return sum(r.mean * min(1.0, len(r.chars) / 4) for r in readings) / max(1, len(readings))


def _read_line(image: Image, quad: npt.NDArray[np.float32]) -> Line | None:
    """Read one detected line; vertical lines (seal text, margins) and unreadable ones are omitted."""
    across, down = imaging.side_lengths(quad[None])
    if down[0] > 1.8 * across[0]:
        return None
    reading = recogniser().read(imaging.cut(image, quad), squeeze=SQUEEZE)
    if not reading.chars or (reading.mean < _READABLE and len(reading.chars) > 1) or reading.mean < 0.35:
        return None
    return line_of(reading, quad)


def line_of(reading: Reading, quad: npt.NDArray[np.float32]) -> Line | None:
    """Return the reading with a box for every character, between the ends of the quadrangle."""
    left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    high = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    length = float(np.linalg.norm(right - left))
    places = [m * length for m in reading.middles]
    widths = _widths(reading.chars, places, high * (1 - 2 * _PADDING))
    glyphs: list[Glyph] = []
    for char, place, width in zip(reading.chars, places, widths, strict=True):
        x, y = left + (right - left) * (place / max(length, 1e-6))
        half = high * (0.5 - _PADDING)
        glyphs.append((char, (float(x - width / 2), float(y - half), float(x + width / 2), float(y + half))))
    return make_line(glyphs, reading.scores)


def _widths(chars: list[str], places: list[float], height: float) -> list[float]:
    """Estimate the printed width of each character: the usual pitch of ideographs in this line, half of it for letters
    and figures.
    """
    pitches = [
        b - a
        for (a, c), (b, d) in zip(
            zip(places, chars, strict=True), zip(places[1:], chars[1:], strict=True), strict=False
        )
        if is_han(c) and is_han(d)
    ]
    close = sorted(p for p in pitches if 0.5 * height < p < 1.8 * height)
    pitch = close[len(close) // 2] if close else height
    widths = [pitch if is_han(c) or c in "，。；：、（）《》“”" else 0.52 * pitch for c in chars]
    for index in range(len(chars) - 1):
        room = places[index + 1] - places[index]
        if (widths[index] + widths[index + 1]) / 2 > room > 0:
            shrink = 2 * room / (widths[index] + widths[index + 1])
            widths[index], widths[index + 1] = widths[index] * shrink, widths[index + 1] * shrink
    return widths


def _with_red_lines(image: Image, mask: npt.NDArray[np.bool_], found: list[Line]) -> list[Line]:
    """Add lines printed in red (annual-check stamps), which removing red has deleted or damaged; where both read a
    place the more certain reading is kept.
    """
    kept = list(found)
    for line in _red_lines(image, mask):
        rivals = [other for other in kept if _covers(other.box, line.box) or _covers(line.box, other.box)]
        if all(_mean_score(line) > _mean_score(other) and len(line.chars) >= len(other.chars) for other in rivals):
            kept = [other for other in kept if not any(other is r for r in rivals)] + [line]
    return kept


def _red_lines(image: Image, mask: npt.NDArray[np.bool_]) -> list[Line]:
    """Return lines read in colour where red ink is; round seals yield none with confidence."""
    small = cv2.resize(mask.astype(np.uint8) * 255, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    joined = cv2.dilate((small > 24).astype(np.uint8), np.ones((7, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    lines: list[Line] = []
    for x, y, w, h, area in stats[1:count].tolist():
        if (
            area < 120
            or h < 8
            or w * 4 > 0.98 * image.shape[1]
            or (w * 4 > 0.8 * image.shape[1] and h * 4 > 0.5 * image.shape[0])
        ):
            continue
        x0, y0, x1, y1 = 4 * x, 4 * y, min(image.shape[1], 4 * (x + w)), min(image.shape[0], 4 * (y + h))
        part = np.ascontiguousarray(image[y0:y1, x0:x1])
        side = min(DETECT_SIDE, max(320, 32 * round(max(part.shape[:2]) / 32)))
        read = [_read_line(part, quad) for quad in recogniser().find(part, side=side)]
        lines += [_moved(line, x0, y0) for line in read if line and len(line.chars) > 1 and _mean_score(line) > 0.8]
    return lines


def _mean_score(line: Line) -> float:
    return mean_score(line.chars, line.scores) if line.scores else line.score


def _without_noise(runs: list[Line]) -> list[Line]:
    """Remove what is not text: low-score fragments, and low-score lines far taller than the page's print (pieces of
    seals).
    """
    if not runs:
        return runs
    usual = float(np.median([r.height for r in runs]))
    return [
        r
        for r in runs
        if not ((_mean_score(r) < 0.75 and len(r.chars) <= 4) or (_mean_score(r) < 0.92 and r.height > 2 * usual))
    ]


def _moved(line: Line, dx: float, dy: float) -> Line:
    boxes = [(a + dx, b + dy, c + dx, d + dy) for a, b, c, d in line.boxes]
    x0, y0, x1, y1 = line.box
    return Line(
        line.chars,
        line.raw,
        boxes,
        line.gaps,
        (x0 + dx, y0 + dy, x1 + dx, y1 + dy),
        line.height,
        line.score,
        line.scores,
    )


def _covers(a: Box, b: Box) -> bool:
    overlap = max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    return overlap > 0.3 * (b[2] - b[0]) * (b[3] - b[1])


def picture_of(page: Any, pixels: int) -> Image:
    """Render a PDF page as RGB at 200 dpi, less where that exceeds the limit of pixels."""
    width, height = page.get_size()
    scale = min(200 / 72, (pixels / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        array = bitmap.to_numpy()
        return np.ascontiguousarray(array[:, :, :3]) if array.ndim == 3 else np.ascontiguousarray(array)
    finally:
        bitmap.close()
