"""Hashes of millions of texts and of what is left of them when characters are dropped, by arithmetic on whole arrays.

A text is hashed as a polynomial over the mixed code points of its characters, modulo 2**64. The hash of a text without its
character i then is a sum of what stands before i and what stands behind it, divided by the base once: all of them cost one pass.
Its upper half is used; the mixed points are random in every bit already, so the sum needs no finishing.
The same hashes of single texts are reckoned in plain Python (`dropped_keys`, `core_key_hashes`), which for a query is faster.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from operator import mul

import numpy as np
from numpy.typing import NDArray

from app.core.resemblance import CORE_PREFIX, edits_allowed

Words = NDArray[np.uint64]
Points = NDArray[np.uint32]
_MASK = 2**64 - 1
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 2**64)
_INVERSE_SQUARED = _INVERSE * _INVERSE & _MASK
_MULTIPLIERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_MOST = 4096
HIGH = np.uint64(0xFFFFFFFF00000000)


def _powers(base: int, count: int) -> Words:
    values = [1]
    for _ in range(count - 1):
        values.append(values[-1] * base & _MASK)
    return np.array(values, np.uint64)


_POWERS = _powers(_BASE, _MOST)
_PLAIN_POWERS: tuple[int, ...] = tuple(_POWERS.tolist())


def mix(values: Words) -> Words:
    """The finishing steps of splitmix64: every bit of the input stirs every bit of the output."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_MULTIPLIERS[0])
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_MULTIPLIERS[1])
    return values ^ (values >> np.uint64(31))


def _mix_one(value: int) -> int:
    value = (value ^ value >> 30) * _MULTIPLIERS[0] & _MASK
    value = (value ^ value >> 27) * _MULTIPLIERS[1] & _MASK
    return value ^ value >> 31


@lru_cache(maxsize=65536)
def _point(character: str) -> int:
    return _mix_one(ord(character) + 1)


def one_key(text: str) -> int:
    """The hash of one text; equal to what `Texts.whole` says of it."""
    return _sums(text)[-1] & _MASK


def dropped_keys(text: str) -> list[int]:
    """Hashes of the text and of each text with one character dropped."""
    return _without(_sums(text), 1)


def core_key_hashes(core: str) -> list[int]:
    """Hashes of what a core is looked up by (`core_keys` of app.core.resemblance), the whole one first."""
    allowed = edits_allowed(len(core))
    return _without(_sums(core[:CORE_PREFIX] if allowed == 2 else core), allowed)


def region_key(region: int) -> int:
    """What the hash of a core is mixed with (exclusive or), so that it is found in its province; 0 has a key too."""
    return _PROVINCE_KEYS[region // 100]


def _sums(text: str) -> list[int]:
    """The sums of the first 0, 1, … characters, not reduced yet: whole steps in C are faster than small numbers."""
    return list(accumulate(map(mul, map(_point, text), _PLAIN_POWERS), initial=0))


def _without(sums: list[int], most: int) -> list[int]:
    end = sums[-1]
    found = [end & _MASK]
    if most:
        found += [before + (end - behind) * _INVERSE & _MASK for before, behind in pairwise(sums)]
    if most == 2:
        for i in range(len(sums) - 1):
            between = sums[i] - sums[i + 1] * _INVERSE
            for j in range(i + 1, len(sums) - 1):
                found.append(between + sums[j] * _INVERSE + (end - sums[j + 1]) * _INVERSE_SQUARED & _MASK)
    return found


_PROVINCE_KEYS: tuple[int, ...] = tuple(_mix_one(_BASE + province) for province in range(656))
PROVINCE_KEYS = np.array(_PROVINCE_KEYS, np.uint64)  # by region // 100


class Texts:
    """Many texts one after the other: code points and the length of each."""

    def __init__(self, points: Points, lengths: NDArray[np.integer]) -> None:
        self.lengths = lengths.astype(np.int64)
        self.ends = np.cumsum(self.lengths)
        self.starts = self.ends - self.lengths
        self._mixed = mix(points.astype(np.uint64) + np.uint64(1))

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        """From strings."""
        texts = list(texts)
        points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        return cls(points, np.fromiter(map(len, texts), np.int64, len(texts)))

    @cached_property
    def _before(self) -> Words:
        """The sum of what all characters before each one weigh in their texts, with one more at the end."""
        local = np.arange(len(self._mixed)) - np.repeat(self.starts, self.lengths)
        before = np.zeros(len(self._mixed) + 1, np.uint64)
        np.cumsum(self._mixed * _POWERS[local], out=before[1:])
        return before

    def whole(self) -> Words:
        """The hash of each text."""
        before = self._before
        whole: Words = before[self.ends] - before[self.starts]
        return whole

    def without_one(self) -> tuple[Words, NDArray[np.int64]]:
        """(hashes, indexes of texts): each text without each of its characters."""
        before = self._before
        owners = np.repeat(np.arange(len(self.lengths)), self.lengths)
        first, end = before[self.starts][owners], before[self.ends][owners]
        return before[:-1] - first + (end - before[1:]) * np.uint64(_INVERSE), owners

    def core_keys(self) -> Iterator[tuple[Words, NDArray[np.int64]]]:
        """(hashes, indexes of texts) of what cores are looked up by, as `core_keys` of app.core.resemblance has them.

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
    """Hashes of the rows whole, and with one and two columns left out."""
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
    """The hash of each code, given as bytes of 18 (type S18)."""
    padded = codes.astype("S24").view(np.uint64).reshape(len(codes), 3)
    return mix(mix(mix(padded[:, 0]) + padded[:, 1]) + padded[:, 2])


def code_key(code: str) -> int:
    """The hash of one code; equal to what `code_words` says of it."""
    data = code.encode().ljust(24, b"\0")
    first, second, third = (int.from_bytes(data[start : start + 8], "little") for start in (0, 8, 16))
    return _mix_one(_mix_one(_mix_one(first) + second & _MASK) + third & _MASK)
