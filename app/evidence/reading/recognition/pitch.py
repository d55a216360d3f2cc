"""Detect characters that recognition skipped: ideographs have an even pitch, so a gap of one pitch or more that is not
blank paper held one. The recognition score cannot show this, since it covers only characters that were found.
"""

import itertools
from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np

from app.evidence.reading.layout.page import Box, Line, Page
from app.evidence.reading.layout.pieces import Piece
from app.evidence.reading.recognition.ocr import Reading
from app.evidence.reading.recognition.recognise import Source
from app.evidence.reading.text.characters import is_han

_PAIRS = 4  # neighbouring ideographs needed to know the pitch; a person's name may be spread arbitrarily
_HOLE = 1.6  # pitches between neighbours: correct readings stay at 1.5 and below, one lost character gives 2
_DARK = 0.7  # of the paper's brightness: noise of a scan is lighter
_PRINTED = 0.08  # share from which there may be a line of print: more than a ruling
_RUNNING = 0.12  # share from which the place after a value contains more than an underline
_INKED = 0.03  # share of dark pixels from which a gap is not blank paper

Span = tuple[Line, int, int]  # a line and the characters [start, end) of it


def spans(piece: Piece) -> list[Span]:
    """Return the characters of the piece's lines that lie within its box."""
    x0, _, x1, _ = piece.box
    found = []
    for line in piece.lines:
        inside = [i for i, box in enumerate(line.boxes) if x0 - 1 <= (box[0] + box[2]) / 2 <= x1 + 1]
        if inside:
            found.append((line, inside[0], inside[-1] + 1))
    return found


def has_lost(source: Source, span: Span) -> bool:
    """Whether there is a gap with ink in it between the characters of the span."""
    line, start, end = span
    middles = [(box[0] + box[2]) / 2 for box in line.boxes[start:end]]
    _, top, _, bottom = line.hull(start, end)
    return any(_inked(source, left, top, right, bottom) for left, right in _holes(line.chars[start:end], middles))


def breaks_off(page: Page, source: Source, piece: Piece) -> bool:
    """Whether lines after the piece's last one were missed: it ends in a comma, or without a full stop at the end of a
    full line, with ink but no text below.
    """
    found = spans(piece)
    text = piece.text.rstrip()
    if len(found) < 2 or text.endswith(("。", ".")):
        return False
    boxes = [line.hull(start, end) for line, start, end in found]
    (left, _, _, _), (_, above, _, _), (_, top, right, bottom) = boxes[0], boxes[-2], boxes[-1]
    height = bottom - top
    if text.endswith(("、", "，", ",")):
        return True
    if right < max(box[2] for box in boxes[:-1]) - height:
        return False
    under = (left, bottom + 0.2 * height, right, bottom + max(height, top - above))
    return not any(_overlap(line.box, under) for line in page.lines) and _inked(source, *under, share=_PRINTED)


def runs_on(page: Page, source: Source, piece: Piece) -> bool:
    """Whether there is ink, but no text, directly after the piece: its end may have been missed."""
    found = spans(piece)
    if len(found) != 1:
        return False
    line, start, end = found[0]
    _, top, right, bottom = line.hull(start, end)
    height = bottom - top
    behind = (right + 0.35 * height, top, right + 1.2 * height, bottom)
    if behind[2] >= page.width or any(_overlap(box, behind) for other in page.lines for box in other.boxes):
        return False
    return _inked(source, *behind, share=_RUNNING)


def starts_late(page: Page, source: Source, piece: Piece) -> bool:
    """Whether there is ink, but no text, directly before the piece: its first character may have been missed."""
    found = spans(piece)
    if len(found) != 1:
        return False
    line, start, end = found[0]
    left, top, _, bottom = line.hull(start, end)
    height = bottom - top
    before = (left - 1.15 * height, top, left - 0.3 * height, bottom)
    if before[0] <= 0 or any(_overlap(box, before) for other in page.lines for box in other.boxes):
        return False
    return _inked(source, *before, share=_RUNNING)


def _overlap(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] - 2 and other[1] < box[3] - 2


def lost_in(reading: Reading) -> bool:
    """Whether another reading of a place has a gap as well."""
    return bool(_holes(reading.text, reading.middles))


def _holes(chars: str, middles: Sequence[float]) -> list[tuple[float, float]]:
    """Return where, between an ideograph and its neighbour, there is room for one more: from and to, in the unit of the
    middles.
    """
    steps = [b - a for a, b in itertools.pairwise(middles)]
    pairs = [is_han(a) and is_han(b) for a, b in itertools.pairwise(chars)]
    even = [step for step, both in zip(steps, pairs, strict=True) if both]
    if len(even) < _PAIRS:
        return []
    pitch = median(even)
    return [
        (middles[i] + pitch / 2, middles[i + 1] - pitch / 2)
        for i, step in enumerate(steps)
        if pairs[i] and step > _HOLE * pitch
    ]


def _inked(source: Source, left: float, top: float, right: float, bottom: float, share: float = _INKED) -> bool:
    """Whether the place contains ink, relative to the brightness of the paper around it."""
    near = source.cut((left, top, right, bottom), plain=True, margin=0.5)
    place = source.cut((left, top, right, bottom), plain=True, margin=0.0)
    if min(place.shape[:2]) < 3:
        return False
    paper = float(np.percentile(near if near.ndim == 2 else cv2.cvtColor(near, cv2.COLOR_RGB2GRAY), 90))
    grey = place if place.ndim == 2 else cv2.cvtColor(place, cv2.COLOR_RGB2GRAY)
    return float((grey < _DARK * paper).mean()) > share
