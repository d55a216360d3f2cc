"""Propose rows for a name: names one edit apart, and cores one or two edits apart whose places may be the same.

All keys of a search are put into one array of hashes and looked up at once; the core decides what the rows mean.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.core.credit.names import Name
from app.core.credit.resemblance import TWO_EDITS_FROM, edits_allowed
from app.evidence.credit.index.hashing import PROVINCE_KEYS, Words, kept_of_core, mixed, weights, whole_hash
from app.evidence.credit.index.indexing import read
from app.evidence.credit.index.postings import Postings, read_table
from app.evidence.credit.index.traits import ANY_REGION

_PROVINCES = (
    *range(11, 16),
    *range(21, 24),
    *range(31, 38),
    *range(41, 47),
    *range(50, 55),
    *range(61, 66),
    71,
    81,
    82,
)
_UNPLACED: Words = PROVINCE_KEYS[:1]
_ANYWHERE: Words = PROVINCE_KEYS[[0, *_PROVINCES]]
_LONGEST = 256  # characters; no name on a list is longer than one less
_USUAL = 40  # characters; plans for longer names are not cached


class NameIndex:
    """The rows of a snapshot by the index keys of their names."""

    def __init__(self, directory: Path) -> None:
        traits, values = read(directory, "traits", np.uint32), read(directory, "name_index", np.uint64)
        self._postings = Postings(values, read_table(directory / "name_index_table"), len(traits))
        self._traits = traits.data
        self.arrays = values, traits

    def near(
        self, names: Sequence[Name], readings: Sequence[Name], families: int, *, is_placed: bool
    ) -> dict[int, None]:
        """Return rows with names near these, with cores near theirs, and with exactly the cores of the readings of the
        first.

        By core, only rows that share one of the families (`traits`) and lie in the region of the name or in none.
        """
        found: dict[int, None] = {}
        for name in names:
            if name.folded:
                hashes, whole = _near(name)
                if readings and is_placed:  # readings have no region, which the name's region admits
                    hashes = np.concatenate((hashes, *(_same_core(one, is_placed=True) for one in readings)))
                    readings = ()
                if name.short:
                    hashes = np.concatenate((hashes, _short(name)))
                rows, others = self._postings.under(hashes, whole)
                found.update(dict.fromkeys(rows))
                self._add(found, others, name.region, families)
        for one in readings:
            rows, _ = self._postings.under(hashes := _same_core(one), len(hashes))
            self._add(found, rows, one.region, families)
        return found

    def _add(self, found: dict[int, None], rows: Iterable[int], region: int, families: int) -> None:
        """Add rows of the region: in the city, in its province without a city, or in none; a province alone is part of
        the hash.
        """
        traits = self._traits
        if region % 100:
            allowed = (region, 0, region - region % 100, ANY_REGION)
            found.update(
                [(row, None) for row in rows if (own := traits[row]) & families and own & ANY_REGION in allowed]
            )
        else:
            found.update([(row, None) for row in rows if traits[row] & families])


class _Plan(NamedTuple):
    """How to look up a name and its core: `whole` hashes of the name, then `same` of the same core, then those of near
    cores.

    They are the product of `matrix` and the points of the name and of the first `kept` characters of the core, XORed
    with `keys`.
    """

    kept: int
    whole: int
    same: int
    matrix: Words
    keys: Words


def _near(name: Name) -> tuple[Words, int]:
    """Return the keys shared with names one edit apart, and their count; after them the keys of near cores in places
    that may be the same.
    """
    length, core = len(name.folded), name.core
    plan = _plan if length <= _USUAL else _plan.__wrapped__
    own = plan(length, len(core), name.region // 100, bool(name.codes), name.is_weak)
    hashes = own.matrix @ mixed(name.folded + core[: own.kept]) ^ own.keys
    if name.figured != core and own.kept:
        same = slice(own.whole, own.whole + own.same)
        hashes[same] = _whole(name.figured) ^ own.keys[same]
    return hashes, own.whole


@lru_cache(maxsize=8192)
def _plan(length: int, core: int, province: int, is_placed: bool, is_weak: bool) -> _Plan:
    """Plan the lookup for a name of `length` characters and a core of `core`; a weak core with a place is looked up
    unchanged only.

    A short core that differs requires a matching place: without any it is looked up among names without one.
    """
    kept = kept_of_core(core) if is_placed or not is_weak else 0
    same = 2 if province else len(_ANYWHERE)
    near = same if is_placed or core + 1 >= TWO_EDITS_FROM else 1
    weighed = _matrix if length <= _USUAL else _matrix.__wrapped__
    whole, matrix = weighed(length, kept, same, near, is_near=not is_weak)
    keys = np.zeros(len(matrix), np.uint64)
    if province:
        keys[whole::2], keys[whole + 1 :: 2] = _UNPLACED, PROVINCE_KEYS[province]
    elif near == same:
        keys[whole:].reshape(-1, same)[:] = _ANYWHERE
    elif kept:
        keys[whole : whole + same], keys[whole + same :] = _ANYWHERE, _UNPLACED
    return _Plan(kept, whole, same, matrix, keys)


@lru_cache(maxsize=256)
def _matrix(length: int, kept: int, same: int, near: int, *, is_near: bool) -> tuple[int, Words]:
    """Return the number of hashes of the name, and the weights: those of the core once for each place key."""
    own = weights(length, 1) if length <= _LONGEST else np.empty((0, length), np.uint64)
    cores = weights(kept, edits_allowed(kept) if is_near else 0)[: None if kept else 0]
    cores = np.repeat(cores, [same, *[near] * (len(cores) - 1)][: len(cores)], axis=0)
    matrix = np.zeros((len(own) + len(cores), length + kept), np.uint64)
    matrix[: len(own), :length], matrix[len(own) :, length:] = own, cores
    return len(own), matrix


def _same_core(name: Name, *, is_placed: bool = False) -> Words:
    """Return the keys of the same core; `is_placed`: a place is known, so without a region here only names without one
    match.
    """
    keys = PROVINCE_KEYS[[0, name.region // 100]] if name.region else _UNPLACED if is_placed else _ANYWHERE
    return _whole(name.figured) ^ keys


def _short(name: Name) -> Words:
    """Return the keys of two-character cores that sound or look the same, or are swapped, in the name's province or in
    none.
    """
    keys = PROVINCE_KEYS[[0, name.region // 100]] if name.region else _UNPLACED
    return np.concatenate([whole_hash(one) ^ keys for one in name.short])


def _whole(core: str) -> np.uint64:
    return whole_hash(core[: kept_of_core(len(core))])
