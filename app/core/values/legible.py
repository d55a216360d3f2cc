"""Invisible characters that change how text is displayed: control characters, line breaks, writing direction.

Unicode Standard Annex 9 (the bidirectional formatting characters), ECMA-48 (control functions).
"""

import re

_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_HALVES = "\ud800-\udfff\ufffe\uffff"  # not characters: they cannot be encoded in UTF-8
# Characters that API texts must not contain; tab and line ends are allowed.
UNREADABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_DIRECTION}{_HALVES}]")
_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f{_DIRECTION}{_HALVES}]")


def legible(text: str) -> str:
    """Return the text in one line, with each such character replaced by its escape (`\n`, `\u202e`)."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
