"""Whether the text layer of a page can be trusted."""

import re

from rapidfuzz import fuzz

from app.evidence.reading.layout.page import Page
from app.evidence.reading.text.characters import UNKNOWN, han_share

_STRAY = 2  # unknown characters, such as ticks and bullets, that a sound text layer may have


_SAME, _COMPARED = 80, 2000  # similarity in %, and how many characters are compared
_FEW = 12  # characters: a page with fewer is a picture with a stray label


_NO_CHARACTER = re.compile(r"\(cid:\d+\)")  # what some programs write for glyphs they cannot name


_ODD = re.compile("[\ue000-\uf8ff\ufffd\x00-\x09\x0b-\x1f]")


def is_sound(page: Page) -> bool:
    """Whether the text layer can be trusted: enough characters, mostly known ones, Chinese among them."""
    text = page.text
    if page.unseen_text or len(text) < _FEW or _NO_CHARACTER.search(text):
        return False
    known = len(_ODD.findall(text)) < 0.05 * len(text) and not (UNKNOWN in text and _unknown_in_words(page))
    return known and han_share(text) > 0.15


def in_another_script(page: Page) -> bool:
    """Whether a text layer is distrusted only because it is not Chinese: every character is known. Recognising one page
    settles it.
    """
    text = page.text
    return not page.unseen_text and len(text) >= _FEW and not _NO_CHARACTER.search(text) and not _ODD.search(text)


def same_text(layer: Page, seen: Page) -> bool:
    """Whether a recognised page matches its text layer."""
    return fuzz.ratio(_letters(layer), _letters(seen)) > _SAME


def _letters(page: Page) -> str:
    return "".join(filter(str.isalnum, page.text.lower()))[:_COMPARED]


def _unknown_in_words(page: Page) -> bool:
    """Whether characters that no font maps occur within words, or are more than a stray tick or bullet."""
    places = [
        (line, i) for line in page.lines if UNKNOWN in line.chars for i, c in enumerate(line.chars) if c == UNKNOWN
    ]
    if len(places) > _STRAY:
        return True
    return any(
        line.gaps[right] < 0.5 and line.chars[other].isalnum()
        for line, i in places
        for other, right in ((i - 1, i), (i + 1, i + 1))
        if 0 <= other < len(line.chars)
    )
