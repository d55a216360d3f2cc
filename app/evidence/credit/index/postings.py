"""A sorted file of 64-bit postings, searched with few pages touched: a table by the first bits of the hash says where.

A posting is the upper bits of a hash, then a number in as many bits as the numbers of its file need: of ten million names a hash
keeps 40 bits, so that hardly one posting in a million searches is there by chance. Hashes are spread evenly, and a table with one
place for every four postings leaves a handful to look at. All hashes of a query are looked up at once: what each of them waits
for, memory that is in no cache, is then waited for together.
"""

from bisect import bisect_left
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.evidence.credit.index.hashing import Words

_EACH = 4  # postings of one place of the table, on average
_PIECE = 1 << 22
_WINDOW = 12  # postings compared per hash in the first step; with ten million names there are seldom more
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


def number_mask(count: int) -> np.uint64:
    """The bits of a posting that hold its number, of numbers below `count`; the others are the hash's."""
    return np.uint64((1 << max(1, (count - 1).bit_length())) - 1)


def postings(hashes: Words, numbers: NDArray[np.integer], mask: np.uint64) -> Words:
    """Hashes and numbers as postings, not sorted yet."""
    return (hashes & ~mask) | numbers.astype(np.uint64)


def append_padding(file: Path, postings: Words) -> None:
    """Repeat the last of the sorted postings, so that a full window can be read from every posting."""
    with file.open("ab") as end:
        np.repeat(postings[-1:], _WINDOW).tofile(end)


class Postings:
    """The postings of one file, with their padding, and their table; `count` is that of the numbers in it."""

    def __init__(self, values: Words, starts: Starts, count: int) -> None:
        self.values = values
        self.mask = number_mask(count)
        self._starts = starts
        bits = _bits(max(0, len(values) - _WINDOW))
        self._shift = np.uint64(64 - bits)
        # One window for each posting, all on the same memory; as plain bytes they are the fastest to take.
        places, kind = max(0, len(values) - _WINDOW + 1), np.dtype((np.void, values.itemsize * _WINDOW))
        self._windows = np.ndarray(places, kind, values.data, strides=(values.itemsize,))
        self._plain = values.data, starts.data, 64 - bits, int(self.mask)

    def of(self, wanted: int) -> list[int]:
        """All numbers under one hash, in their order; for a single one plain Python is faster than arrays."""
        values, starts, shift, mask = self._plain
        start, end = starts[wanted >> shift], starts[(wanted >> shift) + 1]
        if end - start > _LONG:
            own = self.values[start:end]
            found: list[int] = (own[own ^ np.uint64(wanted) <= self.mask] & self.mask).tolist()
            return found
        return [posting & mask for posting in values[start:end] if posting ^ wanted <= mask]

    def under(self, hashes: Words, first: int) -> tuple[list[int], list[int]]:
        """The numbers of all postings under the hashes, apart for the `first` hashes and the others.

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
    """Into memory, since every search begins there."""
    return np.fromfile(file, np.uint32)
