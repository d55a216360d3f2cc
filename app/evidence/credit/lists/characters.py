"""Remove invisible parts of a cell: format characters, control characters, Excel's apostrophe and `="…"`."""

import re
import unicodedata

UNREAD = "\ufffe"  # marks a cell that has a value which could not be read; a noncharacter, so no file contains it
_FORMULA = re.compile(r'=\s*"(?P<text>(?:[^"]|"")*)"')
_UNSEEN = {"Cf", "Cc", "Co", "Cn"}
_KEPT = "\n\t\r"


def is_plain(text: str) -> bool:
    """Whether `cleaned` would leave the cells joined in `text` unchanged, as it does for nearly all rows."""
    return text.isprintable() and "'" not in text and '="' not in text


def cleaned(cell: str) -> str:
    """Return the visible text of a cell, trimmed; UNREAD where a surrogate shows that a character was lost."""
    if UNREAD in cell or any("\ud800" <= character <= "\udfff" for character in cell):
        return UNREAD
    seen = (one for one in cell if one in _KEPT or unicodedata.category(one) not in _UNSEEN)
    text = "".join(seen).strip()
    if formula := _FORMULA.fullmatch(text):
        text = formula["text"].replace('""', '"').strip()
    return text.lstrip("'").strip()
