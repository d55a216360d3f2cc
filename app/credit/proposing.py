"""Which rows a name may mean: names one edit apart, cores of places that may be the same one or two edits apart.

All that a search asks for is put into one array of hashes and looked up at once; what the rows mean is decided by the core.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from app.core.names import Name
from app.core.resemblance import TWO_EDITS_FROM, edits_allowed
from app.credit.hashing import PROVINCE_KEYS, Words, kept_of_core, mixed, weights, whole_hash
from app.credit.indexing import read
from app.credit.postings import Postings, read_table
from app.credit.traits import ALL_FAMILIES, ANY_REGION

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
_USUAL = 40  # characters; how longer names are looked up is not remembered


class NameIndex:
    """The rows of a snapshot by what their names are looked up by."""

    def __init__(self, directory: Path) -> None:
        traits, values = read(directory, "traits", np.uint32), read(directory, "name_index", np.uint64)
        self._postings = Postings(values, read_table(directory / "name_index_table"), len(traits))
        self._traits = traits.data
        self.arrays = values, traits

    def near(
        self, names: Sequence[Name], readings: Sequence[Name], families: int, *, is_placed: bool
    ) -> dict[int, None]:
        """Rows of names like these, of cores like theirs, of exactly the cores of the readings.

        Of the cores only what has one of the families (`traits`).
        """
        found: dict[int, None] = {}
        for name in names:
            if name.folded:
                hashes, whole = _near(name)
                rows, others = self._postings.under(hashes, whole)
                found.update(dict.fromkeys(rows))
                self._add(found, others, name.region, families)
        for one in readings:
            rows, _ = self._postings.under(hashes := _same_core(one, is_placed=is_placed), len(hashes))
            self._add(found, rows, one.region, families)
        return found

    def same(self, names: Sequence[Name], cored: Name) -> dict[int, None]:
        """Rows of names like these, and of exactly the core of one."""
        found: dict[int, None] = {}
        for name in names:
            if name.folded:
                hashes, whole = _near(name)
                found.update(dict.fromkeys(self._postings.under(hashes[:whole], whole)[0]))
        if cored.core:
            rows, _ = self._postings.under(hashes := _same_core(cored), len(hashes))
            self._add(found, rows, cored.region, ALL_FAMILIES)
        return found

    def _add(self, found: dict[int, None], rows: Iterable[int], region: int, families: int) -> None:
        """Those in the region: in the city, in its province without a city, in none; a province alone is in the hash."""
        traits = self._traits
        if region % 100:
            allowed = (region, 0, region - region % 100, ANY_REGION)
            found.update(
                [(row, None) for row in rows if (own := traits[row]) & families and own & ANY_REGION in allowed]
            )
        else:
            found.update([(row, None) for row in rows if traits[row] & families])


def _near(name: Name) -> tuple[Words, int]:
    """What a name one edit apart has in common with this one, so many hashes; then what a core has that is near, in places
    that may be the same.
    """
    core = name.core if not name.is_weak or name.codes else ""
    kept = core[: kept_of_core(len(core))]
    plan = _plan if len(name.folded) <= _USUAL else _plan.__wrapped__
    whole, same, matrix, keys = plan(len(name.folded), len(kept), _places(name), is_near=not name.is_weak)
    hashes = matrix @ mixed(name.folded + kept) ^ keys
    if name.figured != name.core:
        hashes[whole : whole + same] = _whole(name.figured) ^ keys[whole : whole + same]
    return hashes, whole


def _places(name: Name) -> int:
    """In which places near cores are looked for: a province, anywhere (0), or for a short core only without one (-1).

    As soon as a short core differs a place must fit.
    """
    if name.codes or len(name.core) + 1 >= TWO_EDITS_FROM:
        return name.region // 100
    return -1


@lru_cache(maxsize=8192)
def _plan(length: int, kept: int, places: int, *, is_near: bool) -> tuple[int, int, Words, Words]:
    """How a name of `length` characters is looked up, and its core, of which `kept` characters are looked at.

    (number of hashes of the name, of those of the same core behind them, what the points of both are multiplied with, what the
    hashes are mixed with).
    """
    same = PROVINCE_KEYS[[0, places]] if places > 0 else _ANYWHERE
    near = _UNPLACED if places < 0 else same
    whole, matrix = _matrix(length, kept, len(same), len(near), is_near=is_near)
    keys = np.zeros(len(matrix), np.uint64)
    if kept:
        of_near = (len(matrix) - whole - len(same)) // len(near)
        keys[whole:] = np.concatenate((same, np.tile(near, of_near)))
    return whole, len(same) if kept else 0, matrix, keys


@lru_cache(maxsize=512)
def _matrix(length: int, kept: int, same: int, near: int, *, is_near: bool) -> tuple[int, Words]:
    """The number of hashes of the name, and the weights: each of the core once for each place that it is mixed with."""
    own = weights(length, 1) if length <= _LONGEST else np.empty((0, length), np.uint64)
    cores = weights(kept, edits_allowed(kept) if is_near else 0)[: None if kept else 0]
    cores = np.repeat(cores, [same, *[near] * (len(cores) - 1)][: len(cores)], axis=0)
    matrix = np.zeros((len(own) + len(cores), length + kept), np.uint64)
    matrix[: len(own), :length], matrix[len(own) :, length:] = own, cores
    return len(own), matrix


def _same_core(name: Name, *, is_placed: bool = False) -> Words:
    """The same core; `is_placed`: the place is known, so that without one here only names without one count."""
    keys = PROVINCE_KEYS[[0, name.region // 100]] if name.region else _UNPLACED if is_placed else _ANYWHERE
    return _whole(name.figured) ^ keys


def _whole(core: str) -> np.uint64:
    return whole_hash(core[: kept_of_core(len(core))])
