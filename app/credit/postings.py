"""A sorted file of 64-bit postings, searched with few pages touched: a table by the first bits of the hash says where.

A bare binary search over a gigabyte touches a page of memory at nearly every step, and ten million names are cold more often
than not. Hashes are spread evenly, so that a table with one place for every four postings leaves a handful to look at: no step
is searched for, and plain Python is faster than arrays for so few.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.credit.hashing import HIGH, Words

LOW = np.uint64(0xFFFFFFFF)
_LOW = 0xFFFFFFFF
_EACH = 4  # postings of one place of the table, on average
_PIECE = 1 << 22
_LONG = 64
Starts = NDArray[np.uint32]


def table(postings: Words) -> Starts:
    """Where the postings of each beginning of a hash start; one more at the end. `postings` are sorted."""
    bits = _bits(len(postings))
    counts = np.zeros((1 << bits) + 1, np.int64)
    for start in range(0, len(postings), _PIECE):
        own = (postings[start : start + _PIECE] >> np.uint64(64 - bits)).astype(np.int64)
        first = int(own[0])
        found = np.bincount(own - first)
        counts[first + 1 : first + 1 + len(found)] += found
    return np.cumsum(counts).astype(np.uint32)


def _bits(count: int) -> int:
    return min(32, max(1, (count // _EACH).bit_length()))


class Postings:
    """The postings of one file and their table."""

    def __init__(self, values: Words, starts: Starts) -> None:
        self.values = values
        self._values, self._starts = values.data, starts.data
        bits = _bits(len(values))
        self._shift = 64 - bits

    def under(self, hashes: Iterable[int]) -> Iterator[int]:
        """The numbers of all postings under the hashes, in their order; one may come twice."""
        starts, values, shift = self._starts, self._values, self._shift
        for wanted in hashes:
            place = wanted >> shift
            start, end = starts[place], starts[place + 1]
            if end - start > _LONG:
                yield from self._among(wanted, start, end)
                continue
            high = wanted >> 32
            for posting in values[start:end]:
                if posting >> 32 == high:
                    yield posting & _LOW

    def _among(self, wanted: int, start: int, end: int) -> Iterator[int]:
        own = self.values[start:end]
        found: list[int] = (own[own & HIGH == np.uint64(wanted) & HIGH] & LOW).tolist()
        yield from found


def read_table(file: Path) -> Starts:
    """Into memory, since every search begins there."""
    return np.fromfile(file, np.uint32)
