"""Find resident IDs in other spellings: full width, grouped by blanks, hyphens or dots, next to other digits, or of 15
digits.

Sources: GB 11643-1999 (18 characters with a check character), GB 11643-1989 (15 digits, a year of two digits, no
check).
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from app.core.values.identity import birth_date

# White space, hyphens and dashes, dots, low lines, and invisible characters.
_BETWEEN = r"[\s\-‐-―−－.．·・•_\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]{0,3}"
_RUN = re.compile(rf"\d(?:{_BETWEEN}[\dXxＸｘ]){{14,}}")
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{32,}(?![0-9A-Za-z])")
_REGIONS = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
_PROVINCES = frozenset(str(code) for first, last in _REGIONS for code in range(first, last + 1))
_WHOLE, _OLD = 18, 15


def mask_spellings(text: str) -> str:
    """Replace the birth date of every resident ID in the text by `*`, in every spelling.

    Only valid IDs count: a province, a real birth date and, with 18 characters, the check character. A number of 15
    digits counts only where no digits adjoin it. Separators stay, so that positions in the text do not change. The
    digits of a hash (32 or more hexadecimal digits, letters among them) are no ID: one hash in 600 contains such a run
    by chance.
    """
    return outside_digests(text, lambda part: _RUN.sub(_masked, part))


def outside_digests(text: str, mask: Callable[[str], str]) -> str:
    """Apply `mask` to the text except the hashes in it."""
    shown, begin = [], 0
    for digest in _DIGEST.finditer(text):
        shown += [mask(text[begin : digest.start()]), digest[0]]
        begin = digest.end()
    return "".join([*shown, mask(text[begin:])])


def _masked(found: re.Match[str]) -> str:
    shown = list(found[0])
    places = [place for place, character in enumerate(shown) if character.isdigit() or character in "XxＸｘ"]
    code = "".join(_plain(shown[place]) for place in places)
    for begin, end in _dates(code):
        for place in places[begin:end]:
            shown[place] = "*"
    return "".join(shown)


def _plain(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else "X"


def _dates(code: str) -> list[tuple[int, int]]:
    """Return the begin and end of each birth date in the characters."""
    if len(code) == _OLD:
        return [(6, 12)] if code[:2] in _PROVINCES and _is_date(f"19{code[6:12]}") else []
    found, begin = [], 0
    while begin + _WHOLE <= len(code):
        if code[begin : begin + 2] in _PROVINCES and birth_date(code[begin : begin + _WHOLE]):
            found.append((begin + 6, begin + 14))
            begin += _WHOLE
        else:
            begin += 1
    return found


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
