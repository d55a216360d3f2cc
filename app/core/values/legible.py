"""Signs that a reader does not see but that change what is seen: they move a cursor, begin a line, turn the direction of writing.

Unicode Standard Annex 9 (the bidirectional formatting characters), ECMA-48 (control functions).
"""

import re

_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_HALVES = "\ud800-\udfff\ufffe\uffff"  # no characters: nothing can write them in UTF-8
# What no text of the API may hold; tab and line ends it may.
UNREADABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_DIRECTION}{_HALVES}]")
_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f{_DIRECTION}{_HALVES}]")


def legible(text: str) -> str:
    """The text in one line, each such sign written out as its escape (`\\n`, `\\u202e`)."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
