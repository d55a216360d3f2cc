"""Which of several options of a picture is ticked: the box before or behind each is looked at, since recognisers read all boxes alike."""

from collections.abc import Sequence

import cv2
import numpy as np

from app.documents.ocr import Image
from app.documents.page import Box
from app.documents.recognition import Source

_FAR = 1.7  # heights of the text within which its box stands
_TICKED, _OPEN = 0.10, 0.05  # share of ink inside a box: at least, at most


def ticked(source: Source, options: Sequence[Box], *, before: bool) -> int | None:
    """The index of the one option whose box, before or behind its text, has ink in it; None unless all boxes are seen and the
    others are blank.
    """
    inside = [_inside(source, box, before=before) for box in options]
    seen = [share for share in inside if share is not None]
    full = [i for i, share in enumerate(inside) if share is not None and share >= _TICKED]
    if len(seen) < len(options) or len(full) != 1 or sorted(seen)[-2] > _OPEN:
        return None
    return full[0]


def _inside(source: Source, text: Box, *, before: bool) -> float | None:
    """The share of ink in the middle of the box next to the text; None where there is no box."""
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
    """Closed shapes about as wide as high, and about as large as a letter: left, top, width, height."""
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour, (_, _, hole, _) in zip(contours, [] if tree is None else tree[0].tolist(), strict=True):
        x, y, wide, high = cv2.boundingRect(contour)
        square = 0.7 < wide / high < 1.45 and 0.5 * height < high < 1.3 * height
        if square and hole >= 0 and x > 0 and x + wide < ink.shape[1]:
            found.append((x, y, wide, high))
    return found
