"""A sorted file of 64-bit postings, searched with few pages touched: a sample of it in memory says in which block to look.

A bare binary search over a gigabyte touches a page of memory at nearly every step, and ten million names are cold more often
than not. Here each key costs one block.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.credit.hashing import HIGH, Words

BLOCK = 64  # postings; half a kilobyte
LOW = np.uint64(0xFFFFFFFF)
_INSIDE = np.arange(BLOCK + 1)  # and the first of the next block, which tells whether a run goes on there


class Postings:
    """The postings of one file and the first of each block."""

    def __init__(self, values: Words, first_of_blocks: Words) -> None:
        self.values = values
        self._first = first_of_blocks

    def under(self, hashes: Sequence[int]) -> list[int]:
        """The numbers of all postings under the hashes; one may come twice."""
        if not len(self.values):
            return []
        wanted = np.array(hashes, np.uint64) & HIGH
        blocks = np.maximum(self._first.searchsorted(wanted) - 1, 0)
        places = (blocks * BLOCK)[:, None] + _INSIDE
        values = self.values.take(places, mode="clip")
        same = values & HIGH == wanted[:, None]
        found: list[int] = (values[same] & LOW).tolist()
        goes_on = same[:, BLOCK]
        if goes_on.any():
            for place in np.flatnonzero(goes_on).tolist():
                end = int(self.values.searchsorted(wanted[place] | LOW, side="right"))
                found += (self.values[int(places[place, BLOCK]) : end] & LOW).tolist()
        return found


def read_sample(file: Path) -> Words:
    """Into memory, since every search begins there."""
    return np.fromfile(file, np.uint64)
