"""A snapshot on disk, mapped into memory and searched: codes, names one edit apart, cores one or two edits apart.

The index only proposes rows; what they mean is decided by the core (`matching.related`, `matching.screened`).
"""

import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein

from app.core.credit import RELATION_SCORES, ListEntry, Match
from app.core.facts import Organization
from app.core.matching import Query, Related, query_of, related, screened
from app.core.names import Lexicon, Name
from app.core.resemblance import edits_allowed
from app.credit.entries import SEPARATOR, entry_of
from app.credit.hashing import HIGH, code_key, code_words, core_key_hashes, dropped_keys
from app.credit.indexing import read
from app.credit.postings import LOW, Postings, read_sample

MOST_EXAMINED = 1000  # rows compared for one query; more than that are a name that says too little
_CODE_LENGTH = 18
_CODE_WORDS = 9  # of two characters
_SHORT = 5  # cores below this length need a place that fits as soon as they differ


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
        self._row_ends = read(directory, "row_ends", np.uint64)
        self.codes = read(directory, "codes", np.dtype("S18"))
        self._code_words = self.codes.view(np.uint16).reshape(-1, _CODE_WORDS)
        self._code_index = _postings(directory, "code_index")
        self._name_index = _postings(directory, "name_index")
        self._core_index = _postings(directory, "core_index")
        self._core_texts = _bytes(directory / "core_texts")
        self._core_ends = read(directory, "core_ends", np.uint64)
        self._core_places = read(directory, "core_places", np.uint64)
        self._core_rows = read(directory, "core_rows", np.uint32)
        self.count = len(self._row_ends)

    def entry(self, row: int) -> ListEntry:
        """The entry in a row, from 0."""
        start = int(self._row_ends[row - 1]) if row else 0
        line, *cells = self._rows[start : int(self._row_ends[row])].decode().split(SEPARATOR)
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
        rows = {*self._by_code(query.code), *self._by_name(query.name)}
        for former in query.former:
            rows.update(self._by_name(former))
        if query.name.core:
            rows.update(self._rows_of([self._core_number(query.name.core)], query.name.region))
        found = []
        for row in sorted(rows):
            entry = self.entry(row)
            if relation := screened(self._lexicon, organization, entry, threshold):
                found.append(Match(entry, relation, RELATION_SCORES[relation]))
        return tuple(found)

    def search(self, query: Query, threshold: int) -> Search:
        """Every related entry that reaches the threshold, best first (whatever its dates)."""
        rows = dict.fromkeys(self._by_code(query.code))
        for name in (query.name, *query.former):
            rows.update(dict.fromkeys(self._by_name(name)))
        for name in (query.name, *query.former):
            rows.update(dict.fromkeys(self._by_core(name)))
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
        keys, waiting = numbered & HIGH, (numbered & LOW).astype(np.int64)
        places = index.searchsorted(keys)
        while len(waiting):
            postings = index.take(places, mode="clip")
            same = (postings & HIGH == keys) & (places < len(index))
            places, waiting, keys = places[same], waiting[same], keys[same]
            rows = (postings[same] & LOW).astype(np.int64)
            right = (self._code_words[rows] == own[waiting]).all(axis=1)
            found[waiting[right]] = rows[right]
            places, waiting, keys = places[~right] + 1, waiting[~right], keys[~right]
        return found

    def _by_code(self, code: str) -> Iterable[int]:
        if len(code) != _CODE_LENGTH or not code.isascii():
            return ()
        return self._code_index.under([code_key(code)])

    def _by_name(self, name: Name) -> Iterable[int]:
        return self._name_index.under(dropped_keys(name.folded)) if name.folded else ()

    def _by_core(self, name: Name) -> Iterator[int]:
        """Rows whose cores are near, the nearest cores first."""
        if not name.core:
            return
        if name.is_weak:
            yield from self._rows_of([self._core_number(name.core)], name.region)
            return
        near: dict[int, list[int]] = {}
        unplaced: list[int] = []
        for number in set(self._core_index.under(core_key_hashes(name.core))):
            core = self._core(number)
            longer = max(len(core), len(name.core))
            distance = DamerauLevenshtein.distance(core, name.core, score_cutoff=edits_allowed(longer))
            if distance <= edits_allowed(longer):
                is_lost = distance and longer < _SHORT and not name.codes
                (unplaced if is_lost else near.setdefault(distance, [])).append(number)
        for distance in sorted(near):
            yield from self._rows_of(sorted(near[distance]), name.region)
        yield from self._rows_between(sorted(unplaced), [(0, 0)])

    def _core(self, number: int) -> str:
        start = int(self._core_ends[number - 1]) if number else 0
        return self._core_texts[4 * start : 4 * int(self._core_ends[number])].decode("utf-32-le")

    def _core_number(self, core: str) -> int:
        own = core_key_hashes(core)[:1]
        return next((number for number in self._core_index.under(own) if self._core(number) == core), -1)

    def _rows_of(self, cores: Sequence[int], region: int) -> Iterator[int]:
        """Rows of cores in places that may be the same: in the city, in the province without a city, without a place."""
        if not region:
            return self._rows_between(cores, [(0, 0xFFFF)])
        if region % 100 == 0:
            return self._rows_between(cores, [(region, region + 99), (0, 0)])
        return self._rows_between(cores, [(region, region), (region // 100 * 100,) * 2, (0, 0)])

    def _rows_between(self, cores: Sequence[int], regions: Sequence[tuple[int, int]]) -> Iterator[int]:
        known = [core << 16 for core in cores if core >= 0]
        if not known:
            return
        bounds = [bound for first, last in regions for core in known for bound in (core + first, core + last + 1)]
        places = self._core_places.searchsorted(np.array(bounds, np.uint64)).tolist()
        for start, end in zip(places[::2], places[1::2], strict=True):
            if end > start:
                yield from self._core_rows[start:end].tolist()


def _postings(directory: Path, name: str) -> Postings:
    return Postings(read(directory, name, np.uint64), read_sample(directory / f"{name}_sample"))


def _bytes(path: Path) -> "mmap.mmap | bytes":
    if path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
