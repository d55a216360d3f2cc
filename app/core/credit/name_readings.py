"""A name without its city can be parsed in two ways: 昆山暖阳社工 is 暖阳 in 昆山, or 昆山暖阳 in an unnamed place.

County names are often ordinary words (姑苏, 和平, 新华), so one without its city is not always a place. A query is parsed
both ways: the second reading matches only entries with exactly its core.
"""

from collections.abc import Iterator
from functools import lru_cache

from app.core.credit.names import Lexicon, Name, region_of

_LEAST_CORE = 2


def other_readings(lexicon: Lexicon, name: Name) -> tuple[Name, ...]:
    """Alternative parses of a name, usually none: a county read as the place, or read as part of the core."""
    if name.is_weak or not name.core:
        return ()
    if not name.place:
        return tuple(_placed(lexicon, name))
    counties = _counties(name.codes)
    return (_unplaced(lexicon, name, counties),) if counties and not name.locality else ()


def _placed(lexicon: Lexicon, name: Name) -> Iterator[Name]:
    for length in lexicon.place_lengths.get(name.core[:2], ()):
        word = name.core[:length]
        codes = lexicon.followers.get(word, ()) if name.figured.startswith(word) else ()
        if codes and len(name.core) - length >= _LEAST_CORE and word not in lexicon.also_words:
            core, figured = name.core[length:], name.figured[length:]
            yield name._replace(place=word, codes=codes, region=region_of(codes), core=core, figured=figured)


@lru_cache(maxsize=65536)
def _counties(codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(code for code in codes if not code.endswith("00"))


def _unplaced(lexicon: Lexicon, name: Name, counties: frozenset[str]) -> Name:
    """Return the parse for entries that name a county alone; after its city a county is always parsed as a place."""
    county = next(word for start in range(len(name.place)) if _is_one_of(lexicon, word := name.place[start:], counties))
    brief = next(word for end in range(2, len(county) + 1) if _is_one_of(lexicon, word := county[:end], counties))
    return name._replace(place="", codes=(), region=0, core=brief + name.core, figured=brief + name.figured)


def _is_one_of(lexicon: Lexicon, word: str, counties: frozenset[str]) -> bool:
    return not counties.isdisjoint(lexicon.followers.get(word, ()))
