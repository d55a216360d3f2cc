"""Hash millions of texts and their variants with deleted characters, by arithmetic on whole arrays.

A text is hashed as a polynomial over the mixed code points of its characters, modulo 2**64. The hash without character
i is the sum of the terms before i and of those after it divided once by the base, so all variants cost one pass. The
upper bits are used; the mixed points are random in every bit, so the sum needs no finalizer. For a single text, the
same hashes are one product with a matrix (`weights`).
"""

import sys
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.core.credit.resemblance import CORE_PREFIX, edits_allowed

Words = NDArray[np.uint64]
Points = NDArray[np.uint32]
_MASK = 2**64 - 1
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 2**64)
_INVERSE_SQUARED = _INVERSE * _INVERSE & _MASK
_MULTIPLIERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_MOST = 4096
_PIECE = 16384


def _powers(base: int, count: int) -> Words:
    values = [1]
    for _ in range(count - 1):
        values.append(values[-1] * base & _MASK)
    return np.array(values, np.uint64)


_POWERS = _powers(_BASE, _MOST)


def mix(values: Words) -> Words:
    """Apply the finalizer of splitmix64: every input bit affects every output bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_MULTIPLIERS[0])
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_MULTIPLIERS[1])
    return values ^ (values >> np.uint64(31))


def _mix_one(value: int) -> int:
    value = (value ^ value >> 30) * _MULTIPLIERS[0] & _MASK
    value = (value ^ value >> 27) * _MULTIPLIERS[1] & _MASK
    return value ^ value >> 31


def mixed(text: str) -> Words:
    """Return the mixed points of the characters of a text, from which its hash and those of its variants are computed."""
    return _mixed_points().take(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))


@lru_cache(maxsize=1)
def _mixed_points() -> Words:
    return mix(np.arange(1, sys.maxunicode + 2, dtype=np.uint64))


def whole_hash(text: str) -> np.uint64:
    """Return the hash of a text, equal to that of `Texts.whole`."""
    points = mixed(text)
    return np.uint64(_POWERS[: len(points)] @ points)


def kept_of_core(length: int) -> int:
    """Return how many characters of a core of that length are indexed."""
    return min(length, CORE_PREFIX) if edits_allowed(length) == 2 else length


def weights(length: int, most: int) -> Words:
    """Return the weight of each character in the hashes of a text, one row per hash: the whole text, then the variants
    with one, then with two characters deleted (`most`: 0, 1 or 2). The product with the mixed points gives the hashes.
    """
    characters = np.arange(length)
    rows = []
    for count in range(most + 1):
        ways = [*combinations(range(length), count)]
        dropped = np.array(ways, np.int64).reshape(len(ways), count, 1)
        own = _POWERS[characters - (dropped < characters).sum(axis=1)]
        own[(dropped == characters).any(axis=1)] = 0
        rows.append(own)
    return np.concatenate(rows)


# XORed with the hash of a core, so that the core is found in its province: by region // 100; 0 has a key too.
PROVINCE_KEYS: Words = mix(np.uint64(_BASE) + np.arange(656, dtype=np.uint64))


class Texts:
    """Many texts concatenated: code points and the length of each text."""

    def __init__(self, points: Points, lengths: NDArray[np.integer]) -> None:
        self.lengths = lengths.astype(np.int64)
        self.ends = np.cumsum(self.lengths)
        self.starts = self.ends - self.lengths
        self._mixed = mix(points.astype(np.uint64) + np.uint64(1))

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        """Build from strings."""
        texts = list(texts)
        points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        return cls(points, np.fromiter(map(len, texts), np.int64, len(texts)))

    @cached_property
    def _before(self) -> Words:
        """Return the prefix sums of all weighted characters, with one more at the end."""
        local = np.arange(len(self._mixed)) - np.repeat(self.starts, self.lengths)
        before = np.zeros(len(self._mixed) + 1, np.uint64)
        np.cumsum(self._mixed * _POWERS[local], out=before[1:])
        return before

    def whole(self) -> Words:
        """Return the hash of each text."""
        before = self._before
        whole: Words = before[self.ends] - before[self.starts]
        return whole

    def without_one(self) -> tuple[Words, NDArray[np.int64]]:
        """Return (hashes, indexes of texts): each text without each of its characters."""
        before = self._before
        owners = np.repeat(np.arange(len(self.lengths)), self.lengths)
        first, end = before[self.starts][owners], before[self.ends][owners]
        return before[:-1] - first + (end - before[1:]) * np.uint64(_INVERSE), owners

    def core_keys(self) -> Iterator[tuple[Words, NDArray[np.int64]]]:
        """Return (hashes, indexes of texts) of the index keys of cores, as `core_keys` of app.core.credit.resemblance
        defines them.

        Empty texts have none.
        """
        for length in range(1, int(self.lengths.max(initial=0)) + 1):
            members = np.flatnonzero(self.lengths == length)
            if len(members):
                kept = min(length, CORE_PREFIX) if edits_allowed(length) == 2 else length
                rows = self._mixed[self.starts[members][:, None] + np.arange(kept)] * _POWERS[:kept]
                for hashes in _of_equal_length(rows, edits_allowed(length)):
                    yield hashes, members


def _of_equal_length(rows: Words, allowed: int) -> Iterator[Words]:
    """Return the hashes of the rows whole, and with one and two columns deleted."""
    before: Words = np.zeros((len(rows), rows.shape[1] + 1), np.uint64)
    np.cumsum(rows, axis=1, out=before[:, 1:])
    end, once, twice = before[:, -1], np.uint64(_INVERSE), np.uint64(_INVERSE_SQUARED)
    yield end
    columns = range(rows.shape[1] if allowed else 0)
    for i in columns:
        yield before[:, i] + (end - before[:, i + 1]) * once
        for j in columns[i + 1 :] if allowed == 2 else ():
            between = (before[:, j] - before[:, i + 1]) * once
            yield before[:, i] + between + (end - before[:, j + 1]) * twice


def code_words(codes: NDArray[np.bytes_]) -> Words:
    """Return the hash of each code, given as 18 bytes (type S18); computed in pieces that fit the processor cache."""
    words = np.empty(len(codes), np.uint64)
    for start in range(0, len(codes), _PIECE):
        padded = codes[start : start + _PIECE].astype("S24").view(np.uint64).reshape(-1, 3)
        words[start : start + _PIECE] = mix(mix(mix(padded[:, 0]) + padded[:, 1]) + padded[:, 2])
    return words


def code_key(code: str) -> int:
    """Return the hash of one code, equal to that of `code_words`."""
    data = code.encode().ljust(24, b"\0")
    first, second, third = (int.from_bytes(data[start : start + 8], "little") for start in (0, 8, 16))
    return _mix_one(_mix_one(_mix_one(first) + second & _MASK) + third & _MASK)
