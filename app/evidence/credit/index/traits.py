"""Facts about a row that need no read of it: the region of its names and the families of their trades, in 32 bits.

Low half: province and city (`region_of`), 0 where none is certain, `ANY_REGION` where its names have several. High
half: a bit for each family of trades, all of them where a name has no trade: a row without a family in common with a
query cannot match.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.core.credit.names import Lexicon, Name, canonical_trades, region_of

ANY_REGION = 0xFFFF
REGION = np.uint32(0xFFFF)
ALL_FAMILIES = 0xFFFF0000
_BITS = 16
Traits = NDArray[np.uint32]


@lru_cache(maxsize=65536)
def name_traits(lexicon: Lexicon, codes: tuple[str, ...], trades: tuple[str, ...]) -> int:
    """Return the traits of a name in a place of these divisions, with these trades."""
    return region_of(codes) | _families(lexicon, canonical_trades(lexicon, trades)[1])


def row_traits(traits: Traits, rows: NDArray[np.uint32], count: int) -> Traits:
    """Return the traits of each of `count` rows, from those of names and their rows in ascending order; 0 for a row
    without a name.
    """
    found = np.zeros(count, np.uint32)
    if len(rows):
        first = np.flatnonzero(np.diff(rows, prepend=rows[0] + 1))
        regions = traits & REGION
        least, most = np.minimum.reduceat(regions, first), np.maximum.reduceat(regions, first)
        families = np.bitwise_or.reduceat(traits & ~REGION, first)
        found[rows[first]] = np.where(least == most, least, REGION) | families
    return found


def families_of(lexicon: Lexicon, names: Iterable[Name]) -> int:
    """Return the bits of all families that names have; all of them where one has no trade."""
    found = 0
    for name in names:
        found |= _families(lexicon, name.families)
    return found


@lru_cache(maxsize=4096)
def _families(lexicon: Lexicon, families: frozenset[str]) -> int:
    order = _order(lexicon)
    bits = 0
    for family in families:
        bits |= 1 << _BITS + order[family] % _BITS
    return bits or ALL_FAMILIES


@lru_cache(maxsize=4)
def _order(lexicon: Lexicon) -> dict[str, int]:
    return {family: number for number, family in enumerate(sorted({family for _, family in lexicon.trades.values()}))}
