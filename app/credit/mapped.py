"""A snapshot on disk, mapped into memory and searched: codes, names one edit apart, cores one or two edits apart.

The index only proposes rows; what they mean is decided by the core (`matching.related`, `matching.screened`).
"""

import mmap
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.core.credit import RELATION_SCORES, ListEntry, Match
from app.core.facts import Organization
from app.core.matching import Query, Related, query_of, related, screened
from app.core.names import Lexicon, Name
from app.core.resemblance import TWO_EDITS_FROM
from app.credit.entries import SEPARATOR, entry_of
from app.credit.hashing import HIGH, code_key, code_words, core_key_hashes, dropped_keys, region_key
from app.credit.indexing import mapping_of, read
from app.credit.postings import LOW, Postings, read_table

MOST_EXAMINED = 1000  # rows compared for one query; more than that are a name that says too little
_OFTEN = 100  # searches; a process that makes so many will make more
_POPULATE_READ = 22  # MADV_POPULATE_READ, which the module mmap does not name
_CODE_LENGTH = 18
_CODE_WORDS = 9  # of two characters
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
_UNPLACED = region_key(0)
_ANYWHERE: tuple[int, ...] = (_UNPLACED, *(region_key(100 * province) for province in _PROVINCES))


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found: related entries, best first, and whether there was more than could be looked at."""

    found: tuple[Related, ...]
    is_capped: bool


class MappedSnapshot:
    """The files of one snapshot, open for searching by any number of threads."""

    def __init__(self, directory: Path, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._rows = _bytes(directory / "rows")
        row_ends = read(directory, "row_ends", np.uint64)
        name_rows, regions = read(directory, "name_rows", np.uint32), read(directory, "regions", np.uint16)
        self._row_ends, self._name_rows, self._regions = row_ends.data, name_rows.data, regions.data
        self.codes = read(directory, "codes", np.dtype("S18"))
        self._code_words = self.codes.view(np.uint16).reshape(-1, _CODE_WORDS)
        self._code_index = _postings(directory, "code_index")
        self._name_index = _postings(directory, "name_index")
        self._core_index = _postings(directory, "core_index")
        self.count = len(self._row_ends)
        self._searches = 0
        self._touched = (self._name_index.values, self._core_index.values, row_ends, name_rows, regions)

    def entry(self, row: int) -> ListEntry:
        """The entry in a row, from 0."""
        start = self._row_ends[row - 1] if row else 0
        line, *cells = self._rows[start : self._row_ends[row]].decode().split(SEPARATOR)
        return entry_of(int(line), cells)

    def entry_by_id(self, entry_id: str) -> ListEntry | None:
        """The entry of an id (`L12`); lines grow with rows."""
        if not (entry_id.startswith("L") and entry_id[1:].isdecimal() and len(entry_id) < 20):
            return None
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if int(self.entry(middle).id[1:]) < int(entry_id[1:]):
                low = middle + 1
            else:
                high = middle
        entry = self.entry(low) if low < self.count else None
        return entry if entry and entry.id == entry_id else None

    def matches(self, organization: Organization, threshold: int) -> tuple[Match, ...]:
        """What a screening needs: every entry that relates to a bidder (`matching.screened`), in the order of the list."""
        query = query_of(self._lexicon, organization)
        rows = {*self._by_code(query.code), *self._by_name(query.name), *self._by_same_core(query.name)}
        for former in query.former:
            rows.update(self._by_name(former))
        found = []
        for row in sorted(rows):
            entry = self.entry(row)
            if relation := screened(self._lexicon, organization, entry, threshold):
                found.append(Match(entry, relation, RELATION_SCORES[relation]))
        return tuple(found)

    def search(self, query: Query, threshold: int) -> Search:
        """Every related entry that reaches the threshold, best first (whatever its dates)."""
        self._searches += 1
        if self._searches == _OFTEN:
            self._map_all()
        rows = dict.fromkeys(self._by_code(query.code))
        for name in (query.name, *query.former):
            rows.update(dict.fromkeys(self._by_name(name)))
        for name in (query.name, *query.former):
            rows.update(dict.fromkeys(self._by_core(name)))
        for reading in query.readings:
            rows.update(dict.fromkeys(self._by_same_core(reading, is_placed=bool(query.name.place))))
        examined = list(rows)[:MOST_EXAMINED]
        found = [one for row in examined if (one := related(self._lexicon, query, self.entry(row)))]
        kept = [one for one in found if one.is_hit or one.score >= threshold]
        kept.sort(key=lambda one: (not one.is_hit, -one.score, len(one.entry.id), one.entry.id))
        return Search(tuple(kept), len(rows) > MOST_EXAMINED)

    def holders(self, codes: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """For each code (type S18, normalised) the first row that has it, -1 for none: a batch costs one pass."""
        index, own = self._code_index.values, codes.view(np.uint16).reshape(-1, _CODE_WORDS)
        found = np.full(len(codes), -1, np.int64)
        if not len(index):
            return found
        numbered = code_words(codes) & HIGH | np.arange(len(codes), dtype=np.uint64)
        numbered.sort()  # in the order of the index: neighbours in memory are asked for one after the other
        keys, asked = numbered & HIGH, numbered & LOW
        postings = index.take(index.searchsorted(keys), mode="clip")
        same = postings & HIGH == keys
        found[asked[same]] = postings[same] & LOW
        proposed = np.flatnonzero(found >= 0)
        right = (self._code_words[found[proposed]] == own[proposed]).all(axis=1)
        for place in proposed[~right].tolist():  # another code has the same hash
            found[place] = self._holder(codes[place : place + 1])
        return found

    def _holder(self, code: NDArray[np.bytes_]) -> int:
        rows = self._code_index.under([int(code_words(code)[0])])
        return next((row for row in rows if self.codes[row] == code[0]), -1)

    def _map_all(self) -> None:
        """Every search touches some twenty pages, and a page that this process has not touched yet costs more than all else.

        Where the system cannot do this at once (Linux before 5.14), searches do it page by page.
        """
        for array in self._touched:
            mapping = mapping_of(array)
            if mapping is not None:
                with suppress(OSError):
                    mapping.madvise(_POPULATE_READ)

    def _by_code(self, code: str) -> Iterable[int]:
        if len(code) != _CODE_LENGTH or not code.isascii():
            return ()
        return self._code_index.under([code_key(code)])

    def _by_name(self, name: Name) -> Iterable[int]:
        return self._name_index.under(dropped_keys(name.folded)) if name.folded else ()

    def _by_core(self, name: Name) -> Iterator[int]:
        """Rows whose cores are near in places that may be the same, those of the same core first."""
        if name.is_weak:
            if name.codes:
                yield from self._by_same_core(name)
            return
        yield from self._by_same_core(name)
        _, *near = core_key_hashes(name.core)
        keys = _ANYWHERE
        if name.region:
            keys = (region_key(name.region), _UNPLACED)
        elif len(name.core) + 1 < TWO_EDITS_FROM and not name.codes:  # as soon as a short core differs a place must fit
            keys = (_UNPLACED,)
        yield from self._in(name.region, [one ^ key for one in near for key in keys])

    def _by_same_core(self, name: Name, *, is_placed: bool = False) -> Iterator[int]:
        """Rows of the same core; `is_placed`: the place is known, so that without one here only rows without one count."""
        if not name.core:
            return iter(())
        whole = core_key_hashes(name.figured)[0]
        keys = (_UNPLACED, region_key(name.region)) if name.region else (_UNPLACED,) if is_placed else _ANYWHERE
        return self._in(name.region, [whole ^ key for key in keys])

    def _in(self, region: int, hashes: Iterable[int]) -> Iterator[int]:
        """Rows under the hashes of places that may be the same: in the city, in the province without a city, without a place."""
        regions, rows = self._regions, self._name_rows
        is_anywhere = not region % 100  # a province was asked, and it is in the hash; or no place at all
        allowed = (region, region - region % 100, 0)
        for number in self._core_index.under(hashes):
            if is_anywhere or regions[number] in allowed:
                yield rows[number]


def _postings(directory: Path, name: str) -> Postings:
    return Postings(read(directory, name, np.uint64), read_table(directory / f"{name}_table"))


def _bytes(path: Path) -> "mmap.mmap | bytes":
    if path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
