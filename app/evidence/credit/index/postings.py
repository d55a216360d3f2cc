"""A sorted file of 64-bit postings, searched with few page accesses: a table by the first bits of the hash gives the
position.

A posting is the upper bits of a hash, then a number in as many bits as the numbers of its file need: with ten million
names a hash keeps 40 bits, so hardly one posting in a million searches matches by chance. Hashes are evenly
distributed, and a table with one slot for every four postings leaves only a handful to compare. All hashes of a query
are looked up at once, so that their cache misses overlap.
"""

from bisect import bisect_left
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.evidence.credit.index.hashing import Words

_EACH = 4  # postings per slot of the table, on average
_PIECE = 1 << 22
_WINDOW = 12  # postings compared per hash in the first step; with ten million names there are seldom more
_LONG = 64
Starts = NDArray[np.uint32]


def table(postings: Words) -> Starts:
    """Return where the postings of each hash prefix start, with one more at the end. `postings` are sorted."""
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


def number_mask(count: int) -> np.uint64:
    """Return the bits of a posting that hold its number, of numbers below `count`; the others are the hash's."""
    return np.uint64((1 << max(1, (count - 1).bit_length())) - 1)


def postings(hashes: Words, numbers: NDArray[np.integer], mask: np.uint64) -> Words:
    """Combine hashes and numbers into postings, not yet sorted."""
    return (hashes & ~mask) | numbers.astype(np.uint64)


def append_padding(file: Path, postings: Words) -> None:
    """Repeat the last of the sorted postings, so that a full window can be read at every posting."""
    with file.open("ab") as end:
        np.repeat(postings[-1:], _WINDOW).tofile(end)


class Postings:
    """The postings of one file, with their padding and table; `count` is that of the numbers in it."""

    def __init__(self, values: Words, starts: Starts, count: int) -> None:
        self.values = values
        self.mask = number_mask(count)
        self._starts = starts
        bits = _bits(max(0, len(values) - _WINDOW))
        self._shift = np.uint64(64 - bits)
        # One window per posting, all on the same memory; as plain bytes they are the fastest to read.
        places, kind = max(0, len(values) - _WINDOW + 1), np.dtype((np.void, values.itemsize * _WINDOW))
        self._windows = np.ndarray(places, kind, values.data, strides=(values.itemsize,))
        self._plain = values.data, starts.data, 64 - bits, int(self.mask)

    def of(self, wanted: int) -> list[int]:
        """Return all numbers under one hash, in order; for a single hash plain Python is faster than arrays."""
        values, starts, shift, mask = self._plain
        start, end = starts[wanted >> shift], starts[(wanted >> shift) + 1]
        if end - start > _LONG:
            own = self.values[start:end]
            found: list[int] = (own[own ^ np.uint64(wanted) <= self.mask] & self.mask).tolist()
            return found
        return [posting & mask for posting in values[start:end] if posting ^ wanted <= mask]

    def under(self, hashes: Words, first: int) -> tuple[list[int], list[int]]:
        """Return the numbers of all postings under the hashes, separately for the `first` hashes and the others.

        They come in the order of the hashes (except for hashes shared by many postings), and may come more than once.
        """
        if not len(self.values):
            return [], []
        flat = self._windows[self._starts[(hashes >> self._shift).view(np.int64)]].view(np.uint64)
        near = flat.reshape(-1, _WINDOW)
        same = (near ^ hashes[:, None] <= self.mask).ravel().nonzero()[0]
        numbers: list[int] = (flat.take(same) & self.mask).tolist()
        stop = bisect_left(same.tolist(), first * _WINDOW)
        parts = numbers[:stop], numbers[stop:]
        beyond = (near[:, -1] <= hashes | self.mask).nonzero()[0]
        for place in beyond.tolist() if len(beyond) else ():
            parts[place >= first].extend(self.of(int(hashes[place])))
        return parts


def read_table(file: Path) -> Starts:
    """Read a table into memory, since every search begins there."""
    return np.fromfile(file, np.uint32)
