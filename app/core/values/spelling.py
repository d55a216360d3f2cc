"""Names that differ only in how they are written: traditional characters, punctuation, one character."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

LEAST_FOR_ONE_EDIT = 4


def folded(name: str, folding: Mapping[int, str]) -> str:
    """Fold a normalised name: simplified characters, lower case, no punctuation.

    `folding`: traditional to simplified characters, by code point, as `str.translate` takes it.
    """
    return _letters(name.translate(folding))


@lru_cache(maxsize=8192)
def _letters(name: str) -> str:
    return "".join(one for one in name.lower() if unicodedata.category(one)[0] not in "PSZ")


def one_edit_apart(one: str, other: str, least: int = LEAST_FOR_ONE_EDIT) -> bool:
    """Whether one character was deleted, inserted or changed, in names of `least` characters or more."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < least or one == other:
        return False
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, character in enumerate(one) if character != other[place]), len(one))
    return one[start + (len(one) == len(other)) :] == other[start + 1 :]
