"""Read doubtful values of a picture again from enhanced crops, restricted to the field's characters. A check, or
agreement, decides.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from app.evidence.reading.certificates.kind import Finding, KindReading, Reader
from app.evidence.reading.layout.page import Box, Page, worst_score
from app.evidence.reading.layout.pieces import Piece
from app.evidence.reading.recognition import imaging, pitch
from app.evidence.reading.recognition.ocr import Image, Reading, recogniser
from app.evidence.reading.recognition.recognise import RecognisedPage, Source
from app.evidence.reading.text import values
from app.evidence.reading.text.values import Read

DOUBTED = 0.97  # a value whose worst character scored less is read again
_SEEN = 0.80  # a reading whose worst character scored less is ignored
_NAMES = (values.organization, values.public_body)  # often covered by a seal
_SCRAP = 3  # characters of a seal that may look like one more line of a name
_UNSURE = 0.79  # score of a value that could not be settled: it goes to manual review
_DIGITS = "0123456789"
_ALLOWED = {
    "uscc": _DIGITS + "ABCDEFGHJKLMNPQRTUWXY",
    "residentId": _DIGITS + "X*",
    "number": _DIGITS,
}


def read_again(reading: KindReading) -> None:
    """Settle the findings that need it; those still in doubt are unchanged, those with lost characters become null."""
    reading.findings = [_whole(f) or (_settled(f) if _doubtful(f) else f) for f in reading.findings]
    reading.reasons += [
        ("low_confidence", f"the end of {f.field} may not have been seen") for f in reading.findings if _breaks_off(f)
    ]


def _breaks_off(finding: Finding) -> bool:
    page = finding.page
    if finding.reader is not values.words or not isinstance(page, RecognisedPage) or page.source is None:
        return False
    return pitch.breaks_off(page, page.source, finding.piece)


def _whole(finding: Finding) -> Finding | None:
    """Restore a value with skipped characters, or set it to null; None where no character was skipped."""
    page, reader = finding.page, finding.reader
    if not isinstance(page, RecognisedPage) or page.source is None or reader is None or finding.check:
        return None
    source, spans = page.source, pitch.spans(finding.piece)
    holed = [pitch.has_lost(source, span) for span in spans]
    if not any(holed):
        return None
    parts = [
        _filled(source, s) if hole else (s[0].text(*s[1:]), s[0].worst(*s[1:]))
        for s, hole in zip(spans, holed, strict=True)
    ]
    whole = [part for part in parts if part is not None]
    text = "".join(part[0] for part in whole)
    read = reader(text) if len(whole) == len(parts) else Read(None, False)
    if read.value is None or read.check is False:
        return replace(finding, value=None, check=False)
    piece = replace(finding.piece, text=text, score=min(part[1] for part in whole))
    return replace(finding, value=read.value, check=read.check, piece=piece)


def _filled(source: Source, span: pitch.Span) -> tuple[str, float] | None:
    """Return text and score of a span with skipped characters, if at least two readings are complete and agree."""
    looks = list(_readings(source, span[0].hull(*span[1:])))
    sound = [look for look in looks if not pitch.lost_in(look) and _worst(look) > _SEEN]
    agree = len(sound) > 1 and len({look.text for look in sound}) == 1
    return (sound[0].text, max(map(_worst, sound))) if agree else None


def _doubtful(finding: Finding) -> bool:
    if not isinstance(finding.page, RecognisedPage) or finding.reader is None or finding.check:
        return False
    if finding.check is False or finding.piece.score < DOUBTED or not _formed(finding.reader, finding.value):
        return True
    if finding.reader is values.person:
        return _starts_late(finding.page, finding.piece)
    return finding.reader in _NAMES and _runs_on(finding.page, finding.piece)


def _runs_on(page: RecognisedPage, piece: Piece) -> bool:
    return page.source is not None and pitch.runs_on(page, page.source, piece)


def _starts_late(page: RecognisedPage, piece: Piece) -> bool:
    return page.source is not None and pitch.starts_late(page, page.source, piece)


def _formed(reader: Reader, value: object) -> bool:
    """Whether the value has the usual form of its kind: a body's name ends in a form of organization, a number is all
    digits, a date has a day.
    """
    if reader is values.day:
        return len(str(value)) == len("2016-02-01")
    if reader is values.administration_number:
        return str(value).isdigit()
    return reader is not values.organization or values.ends_in_form(str(value))


def _settled(finding: Finding) -> Finding:
    page, reader = finding.page, finding.reader
    if reader is None or not isinstance(page, RecognisedPage) or page.source is None:
        return finding
    if len(finding.piece.lines) > 1:
        return _settled_lines(finding, page.source, reader)
    read, piece = settle(finding.field, page, finding.piece, Read(finding.value, finding.check), reader)
    return replace(finding, value=read.value, check=read.check, piece=piece)


def _settled_lines(finding: Finding, source: Source, reader: Reader) -> Finding:
    """Read the doubtful lines of a multi-line value again."""
    texts: list[str] = []
    scores: list[float] = []
    for line, start, end in pitch.spans(finding.piece):
        text, score = line.text(start, end), line.worst(start, end)
        if score < DOUBTED:
            looks = [
                Look(text, text, score),
                *(_look(r, values.words) for r in _readings(source, line.hull(start, end))),
            ]
            text, score = agreed([look for look in looks if look]) or (text, min(score, _UNSURE))
        texts.append(text)
        scores.append(score)
    read = reader("".join(texts))
    if read.value is not None and not _formed(reader, read.value) and len(texts[-1]) <= _SCRAP:
        # the last line is a fragment of a seal if the name is complete without it
        shorter = reader("".join(texts[:-1]))
        if shorter.value is not None and _formed(reader, shorter.value):
            read, texts, scores = shorter, texts[:-1], [*scores[:-1], _UNSURE]
    if read.value is None or read.check is False or not scores:
        return finding
    piece = replace(finding.piece, text="".join(texts), score=min(scores))
    return replace(finding, value=read.value, check=read.check, piece=piece)


@dataclass(frozen=True, slots=True)
class Look:
    """One reading of a place: the value, the text it was read from, the score of its worst character."""

    value: str
    text: str
    score: float


def agreed(looks: list[Look]) -> tuple[str, float] | None:
    """Return text and score of the value that confident readings agree on: two or more unanimous, or at least three
    against one.
    """
    sure = Counter(look.value for look in looks if look.score >= _SEEN)
    winner, count = sure.most_common(1)[0] if sure else ("", 0)
    if not (count >= 3 and sure.total() - count <= 1) and not (count == 2 and len(sure) == 1):
        return None
    best = max((look for look in looks if look.value == winner), key=lambda look: look.score)
    return best.text, best.score


def settle(name: str, page: Page, piece: Piece, first: Read, reader: Reader) -> tuple[Read, Piece]:
    """Read the place again; return a value that passes its check, or that confident readings agree on; else the first,
    with a low score.
    """
    if not isinstance(page, RecognisedPage) or page.source is None:
        return first, piece
    known = first.value is not None and first.check is not False and _formed(reader, first.value)
    looks = [Look(str(first.value), piece.text, piece.score)] if known else []
    late = reader is values.person and _starts_late(page, piece)
    if late:
        looks = []  # a reading without the first character is no evidence
    short = reader in _NAMES and ((reader is values.organization and not known) or _runs_on(page, piece))
    box = _longer(piece.box) if short else _earlier(piece.box) if late else piece.box
    for again in _readings(page.source, box, _ALLOWED.get(name)):
        read = reader(again.text)
        if read.check:
            return read, _as_read(piece, again.text, _worst(again))
        look = _look(again, reader)
        looks += [look] if look else []
    found = agreed(looks)
    if found:
        return reader(found[0]), _as_read(piece, *found)
    return first, _as_read(piece, piece.text, min(piece.score, _UNSURE))


def _longer(box: Box) -> Box:
    """Extend the box by two characters at its end."""
    return box[0], box[1], box[2] + 2.2 * (box[3] - box[1]), box[3]


def _earlier(box: Box) -> Box:
    """Extend the box by one character in front."""
    return box[0] - 1.1 * (box[3] - box[1]), box[1], box[2], box[3]


def _look(again: Reading, reader: Reader) -> Look | None:
    """Return a reading as a value; None where it skipped characters or has no valid value."""
    read = reader(again.text)
    if read.value is None or read.check is False or pitch.lost_in(again) or not _formed(reader, read.value):
        return None
    return Look(str(read.value), again.text, _worst(again))


def _readings(source: Source, box: Box, allowed: str | None = None) -> Iterator[Reading]:
    return (recogniser().read(cut, allowed) for cut in _cuts(source, box))


def _as_read(piece: Piece, text: str, score: float) -> Piece:
    return Piece(text, piece.box, score, piece.strong, piece.lines)


def _worst(reading: Reading) -> float:
    return worst_score(reading.text, reading.scores) if reading.scores else 0.0


def _cuts(source: Source, box: Box) -> list[Image]:
    """Crop a place several ways: unchanged; with even light and more contrast; smoothed at twice the size; and, where
    seal and print are two shades of grey, the print alone, in two sizes.
    """
    plain = source.cut(box, plain=True, margin=0.22)
    if min(plain.shape[:2]) < 4:
        return []
    even = imaging.even_light(source.cut(box, plain=False, margin=0.3))
    soft = cv2.GaussianBlur(_doubled(plain), (3, 3), 0)
    looks = [plain, np.ascontiguousarray(even), np.asarray(soft, np.uint8)]
    dark = imaging.darkest_ink(plain if plain.ndim == 2 else cv2.cvtColor(plain, cv2.COLOR_RGB2GRAY))
    return looks if dark is None else [*looks, dark, _doubled(dark)]


def _doubled(image: Image) -> Image:
    return np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
