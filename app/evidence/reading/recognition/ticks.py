"""Which of several options in a picture is ticked: the box before or after each is examined, since recognition reads
all boxes alike.
"""

import re
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.evidence.reading.layout.page import Box
from app.evidence.reading.recognition.ocr import Image, recogniser
from app.evidence.reading.recognition.recognise import Source

_FAR = 1.7  # text heights within which its box is expected
_TICKED, _OPEN = 0.10, 0.05  # share of ink inside a box: at least, at most


def ticked(source: Source, options: Sequence[Box], *, before: bool) -> int | None:
    """Return the index of the one option whose box, before or after its text, has ink in it; None unless all boxes are
    found and the others are blank.
    """
    inside = [_inside(source, box, before=before) for box in options]
    seen = [share for share in inside if share is not None]
    full = [i for i, share in enumerate(inside) if share is not None and share >= _TICKED]
    if len(seen) < len(options) or len(full) != 1 or sorted(seen)[-2] > _OPEN:
        return None
    return full[0]


def _inside(source: Source, text: Box, *, before: bool) -> float | None:
    """Return the share of ink in the middle of the box next to the text; None where there is no box."""
    height = text[3] - text[1]
    near, far = 0.25 * height, _FAR * height
    left, right = (text[0] - far, text[0] + near) if before else (text[2] - near, text[2] + far)
    place = source.cut((left, text[1] - 0.25 * height, right, text[3] + 0.25 * height), plain=True, margin=0.0)
    if min(place.shape[:2]) < 8:
        return None
    grey = place if place.ndim == 2 else cv2.cvtColor(place, cv2.COLOR_RGB2GRAY)
    ink = grey < 0.7 * float(np.percentile(grey, 90))
    frames = _frames(np.asarray(ink, np.uint8), height)
    if not frames:
        return None
    x, y, wide, high = max(frames) if before else min(frames)
    middle = ink[y + round(0.28 * high) : y + round(0.72 * high), x + round(0.28 * wide) : x + round(0.72 * wide)]
    return float(middle.mean()) if middle.size else None


def _frames(ink: Image, height: float) -> list[tuple[int, int, int, int]]:
    """Return closed shapes of about square form and letter size: left, top, width, height."""
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour, (_, _, hole, _) in zip(contours, [] if tree is None else tree[0].tolist(), strict=True):
        x, y, wide, high = cv2.boundingRect(contour)
        square = 0.7 < wide / high < 1.45 and 0.5 * height < high < 1.3 * height
        if square and hole >= 0 and x > 0 and x + wide < ink.shape[1]:
            found.append((x, y, wide, high))
    return found


_SIGNS = "√✓V是否×Xx○●无有"


def read_mark(source: Source, box: Box) -> str:
    """Read a single character in a cell of marks: √ for one that reads as a yes, × or - as a no, ? as neither; blank
    when there is no ink.
    """
    cut = source.cut(box, plain=True, margin=0.0)
    if min(cut.shape[:2]) < 10:
        return ""
    grey = cut if cut.ndim == 2 else cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY)
    grey = np.asarray(
        cv2.GaussianBlur(np.ascontiguousarray(grey), (5, 5), 0), np.uint8
    )  # specks of a noisy scan are no mark
    ink = grey < 0.75 * float(np.percentile(grey, 90))
    left, top, right, bottom = _within_rulings(ink)
    grey, ink = grey[top:bottom, left:right], ink[top:bottom, left:right]
    if ink.size == 0 or ink.mean() < 0.004:
        return ""
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if rows[-1] - rows[0] < 0.3 * (columns[-1] - columns[0]):
        return "-"
    around = grey[:, max(0, columns[0] - 8) : columns[-1] + 9]
    white = float(np.percentile(around, 90))
    framed = cv2.copyMakeBorder(np.ascontiguousarray(around), 2, 2, 8, 8, cv2.BORDER_CONSTANT, value=[white])
    again = recogniser().read(np.ascontiguousarray(framed), _SIGNS).text
    return "×" if re.search("[否×Xx无]", again) else "√" if re.search("[√✓V是○●有]", again) else "?"


def _within_rulings(ink: npt.NDArray[Any]) -> tuple[int, int, int, int]:
    """Return the part of a cell inside its rulings: left, top, right, bottom; searched in the outer fifth on each side."""
    high, wide = ink.shape
    across, down = ink.mean(axis=0) > 0.7, ink.mean(axis=1) > 0.7
    fifth = max(1, wide // 5), max(1, high // 5)
    left = max((i + 2 for i in range(fifth[0]) if across[i]), default=0)
    right = min((i - 1 for i in range(wide - fifth[0], wide) if across[i]), default=wide)
    top = max((i + 2 for i in range(fifth[1]) if down[i]), default=0)
    bottom = min((i - 1 for i in range(high - fifth[1], high) if down[i]), default=high)
    return left, top, right, bottom
