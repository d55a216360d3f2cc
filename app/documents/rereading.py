"""Doubtful values of a picture read again: clearer cuts of the same place, only the characters the field can
hold. A check, or agreement, decides.
"""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.documents import imaging, pitch
from app.documents.kinds.base import Finding, KindReading, Reader
from app.documents.ocr import Image, Reading, recogniser
from app.documents.page import Box, Page
from app.documents.pieces import Piece
from app.documents.recognition import RecognisedPage, Source
from app.documents.values import Read

SURE = 0.90
_SEEN = 0.80  # worst character of a look that fills a hole
_DIGITS = "0123456789"
_ALLOWED = {
    "uscc": _DIGITS + "ABCDEFGHJKLMNPQRTUWXY",
    "residentId": _DIGITS + "X*",
    "number": _DIGITS,
}


def read_again(reading: KindReading) -> None:
    """Settle the findings that need it; what stays in doubt is left as it was, what has lost characters becomes null."""
    reading.findings = [_whole(f) or (_settled(f) if _doubtful(f) else f) for f in reading.findings]


def _whole(finding: Finding) -> Finding | None:
    """A value in which characters were passed over, with them, or null; None where none was passed over."""
    page, reader = finding.page, finding.reader
    if not isinstance(page, RecognisedPage) or page.source is None or reader is None or finding.check:
        return None
    source, spans = page.source, pitch.spans(finding.piece)
    holed = [pitch.has_lost(source, span) for span in spans]
    if not any(holed):
        return None
    parts = [_filled(source, s) if hole else s[0].text(*s[1:]) for s, hole in zip(spans, holed, strict=True)]
    read = reader("".join(part or "" for part in parts)) if all(parts) else Read(None, False)
    if read.value is None or read.check is False:
        return replace(finding, value=None, check=False)
    text = "".join(part or "" for part in parts)
    return replace(finding, value=read.value, check=read.check, piece=replace(finding.piece, text=text))


def _filled(source: Source, span: pitch.Span) -> str | None:
    """The text of a span in which characters were passed over, when two looks or more are without holes and of one mind."""
    looks = [recogniser().read(cut) for cut in _cuts(source, span[0].hull(*span[1:]))]
    sound = [look.text for look in looks if not pitch.lost_in(look) and _worst(look) > _SEEN]
    return sound[0] if len(sound) > 1 and len(set(sound)) == 1 else None


def _doubtful(finding: Finding) -> bool:
    if (
        not isinstance(finding.page, RecognisedPage)
        or finding.reader is None
        or finding.check
        or len(finding.piece.lines) > 1
    ):
        return False
    return finding.check is False or finding.piece.score < SURE


def _settled(finding: Finding) -> Finding:
    if finding.reader is None:
        return finding
    read, piece = settle(finding.field, finding.page, finding.piece, Read(finding.value, finding.check), finding.reader)
    return replace(finding, value=read.value, check=read.check, piece=piece)


def settle(name: str, page: Page, piece: Piece, first: Read, reader: Reader) -> tuple[Read, Piece]:
    """The value after more looks at its place: one that passes its check, or one that three looks of four agree on; else the first."""
    if not isinstance(page, RecognisedPage) or page.source is None:
        return first, piece
    votes: list[tuple[Read, str, float]] = [(first, piece.text, piece.score)]
    for cut in _cuts(page.source, piece.box):
        again = recogniser().read(cut, _ALLOWED.get(name))
        read = reader(again.text)
        if read.check:
            return read, _as_read(piece, again.text, _worst(again))
        if pitch.lost_in(again):
            continue
        votes.append((read, again.text, _worst(again)))
    values = Counter(str(v.value) for v, _, _ in votes if v.value is not None and v.check is not False)
    if not values:
        return first, piece
    winner, count = values.most_common(1)[0]
    best = max((v for v in votes if str(v[0].value) == winner and v[0].check is not False), key=lambda v: v[2])
    if count >= 3 or (first.value is None and best[2] > SURE):
        return best[0], _as_read(piece, best[1], max(SURE, best[2]))
    return first, piece


def _as_read(piece: Piece, text: str, score: float) -> Piece:
    return Piece(text, piece.box, score, piece.strong, piece.lines)


_SIGNS = "√✓V是否×Xx○●无有"


def read_mark(source: Source, box: Box) -> str:
    """A single sign in a cell of marks: √ for one that reads as a yes, × or - as a no, ? as neither; blank when there is no ink."""
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
    """The part of a cell inside the lines that bound it: left, top, right, bottom; sought in the outer fifth on each side."""
    high, wide = ink.shape
    across, down = ink.mean(axis=0) > 0.7, ink.mean(axis=1) > 0.7
    fifth = max(1, wide // 5), max(1, high // 5)
    left = max((i + 2 for i in range(fifth[0]) if across[i]), default=0)
    right = min((i - 1 for i in range(wide - fifth[0], wide) if across[i]), default=wide)
    top = max((i + 2 for i in range(fifth[1]) if down[i]), default=0)
    bottom = min((i - 1 for i in range(high - fifth[1], high) if down[i]), default=high)
    return left, top, right, bottom


def _worst(reading: Reading) -> float:
    return min(reading.scores, default=0.0)


def _cuts(source: Source, box: Box) -> list[Image]:
    """Three looks at a place: as it was, with even light and more contrast, and softened at twice the size."""
    plain = source.cut(box, plain=True, margin=0.22)
    if min(plain.shape[:2]) < 4:
        return []
    even = imaging.even_light(source.cut(box, plain=False, margin=0.3))
    soft = cv2.GaussianBlur(cv2.resize(plain, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), (3, 3), 0)
    return [plain, np.ascontiguousarray(even), np.asarray(soft, np.uint8)]
