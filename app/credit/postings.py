"""A sorted file of 64-bit postings, searched with few pages touched: a sample of it in memory says in which block to look.

A bare binary search over a gigabyte touches a page of memory at nearly every step, and ten million names are cold more often
than not. Here each key costs one block.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.credit.hashing import HIGH, Words

BLOCK = 64  # postings; half a kilobyte
LOW = np.uint64(0xFFFFFFFF)


class Postings:
    """The postings of one file and the first of each block."""

    def __init__(self, values: Words, first_of_blocks: Words) -> None:
        self.values = values
        self._first = first_of_blocks
        self._inside = np.arange(BLOCK)

    def under(self, hashes: Sequence[int]) -> list[int]:
        """The numbers of all postings under the hashes, in the order of the hashes."""
        if not len(self.values):
            return []
        wanted = np.array(hashes, np.uint64) & HIGH
        blocks, values = self._blocks(wanted)
        rows, columns = np.nonzero(values & HIGH == wanted[:, None])
        found: list[int] = (values[rows, columns] & LOW).tolist()
        ends = (blocks + 1) * BLOCK
        following = self.values.take(ends, mode="clip") & HIGH == wanted
        for place in np.flatnonzero(following & (ends < len(self.values))).tolist():  # it goes on in the next block
            end = int(self.values.searchsorted(wanted[place] | LOW, side="right"))
            found += (self.values[int(ends[place]) : end] & LOW).tolist()
        return found

    def _blocks(self, wanted: Words) -> tuple[NDArray[np.int64], Words]:
        """For each value the last block that begins below it, and its postings; the end is filled up with the largest number."""
        blocks = np.maximum(self._first.searchsorted(wanted) - 1, 0)
        places = blocks[:, None] * BLOCK + self._inside
        values = self.values.take(places, mode="clip")
        if int(blocks.max(initial=0)) * BLOCK + BLOCK > len(self.values):
            values[places >= len(self.values)] = np.uint64(2**64 - 1)
        return blocks, values


def read_sample(file: Path) -> Words:
    """Into memory, since every search begins there."""
    return np.fromfile(file, np.uint64)
