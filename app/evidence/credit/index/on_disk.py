"""Search a snapshot on disk, mapped into memory: codes, names one edit apart, cores one or two edits apart.

The index only proposes rows; the core decides what they mean (`matching.related`).
"""

import mmap
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.core.credit.credit_record import ListEntry, Match
from app.core.credit.matching import Query, Related, match_of, query_of, related
from app.core.credit.resemblance import TRADE_DIFFERS
from app.core.facts.dossier import Organization
from app.core.values.identity import normalised_code
from app.evidence.credit.index.hashing import Words, code_key, code_words
from app.evidence.credit.index.indexing import mapping_of, read
from app.evidence.credit.index.postings import Postings, read_table
from app.evidence.credit.index.proposing import NameIndex
from app.evidence.credit.index.statistics import read_statistics
from app.evidence.credit.index.traits import ALL_FAMILIES, families_of
from app.evidence.credit.lists.entries import SEPARATOR, entry_of

MOST_EXAMINED = 1000  # rows compared per query; a name with more is too unspecific
_OFTEN = 100  # searches after which a process is expected to make many more
_POPULATE_READ = 22  # MADV_POPULATE_READ, missing from the module mmap
_CODE_LENGTH = 18
_NUMBER = np.uint64(0xFFFFFFFF)
_PIECE = 1 << 16
_ENTRY_ID = re.compile(r"L[0-9]{1,12}(?:-[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Search:
    """The result of a search: related entries, best first, and whether more rows were proposed than examined."""

    found: tuple[Related, ...]
    is_capped: bool


class MappedSnapshot:
    """The files of one snapshot, open for searching by any number of threads."""

    def __init__(self, directory: Path) -> None:
        self._statistics = read_statistics(directory)
        self.lexicon = self._statistics.lexicon
        self._rows = _bytes(directory / "rows")
        row_ends = read(directory, "row_ends", np.uint64)
        self._row_ends = row_ends.data
        self.count = len(row_ends)
        self.codes = read(directory, "code_texts", np.dtype("S18"))  # in the order of their index
        values, starts = read(directory, "code_index", np.uint64), read_table(directory / "code_index_table")
        self._code_index = Postings(values, starts, self.count)
        self._names = NameIndex(directory)
        self._searches = 0
        self._touched = (*self._names.arrays, row_ends)

    def entry(self, row: int) -> ListEntry:
        """Return the entry in a row, from 0."""
        start = self._row_ends[row - 1] if row else 0
        number, *cells = self._rows[start : self._row_ends[row]].decode().split(SEPARATOR)
        return entry_of(number, cells)

    def entry_by_id(self, entry_id: str) -> ListEntry | None:
        """Return the entry of an id (`L12`, `L12-2` for the second code of a line); lines grow with rows."""
        if not _ENTRY_ID.fullmatch(entry_id):
            return None
        low, high, wanted = 0, self.count, entry_order(entry_id)
        while low < high:
            middle = (low + high) // 2
            if entry_order(self.entry(middle).id) < wanted:
                low = middle + 1
            else:
                high = middle
        entry = self.entry(low) if low < self.count else None
        return entry if entry and entry.id == entry_id else None

    def matches(self, organization: Organization, threshold: int) -> tuple[Match, ...]:
        """Return every entry that a search finds, in list order, regardless of dates, for a screening."""
        if not self.count:
            return ()
        found = self.search(organization, threshold).found
        return tuple(map(match_of, sorted(found, key=lambda one: entry_order(one.entry.id))))

    def query(self, organization: Organization) -> Query:
        """Build the query for this list: the name parsed with the list's words, weighed by its frequencies."""
        return query_of(self.lexicon, organization, self._statistics)

    def search(self, organization: Organization, threshold: int) -> Search:
        """Return every related entry that reaches the threshold, best first, regardless of dates."""
        query = self.query(organization)
        self._searches += 1
        if self._searches == _OFTEN:
            self._map_all()
        rows = dict.fromkeys(self._by_code(query.code))
        names, is_placed = (query.name, *query.former), bool(query.name.place)
        families = families_of(self.lexicon, names) if threshold > TRADE_DIFFERS else ALL_FAMILIES
        rows.update(self._names.near(names, query.readings, families, is_placed=is_placed))
        examined = list(rows)[:MOST_EXAMINED]
        found = [one for row in examined if (one := related(self.lexicon, query, self.entry(row), threshold))]
        kept = [one for one in found if one.is_hit or one.score >= threshold]
        if len(kept) > 1:
            kept.sort(key=lambda one: (not one.is_hit, -one.score, entry_order(one.entry.id)))
        return Search(tuple(kept), len(rows) > MOST_EXAMINED)

    def holders(self, codes: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Return for each code (type S18, normalised) the first row that has it, -1 for none: a batch costs one pass.

        Codes are looked up in the order of their hashes, which is the order of the index and of the codes stored beside
        it, so that neighbours in memory are read one after the other.
        """
        found = np.full(len(codes), -1, np.int64)
        if self.count and len(self.codes):
            hashes = code_words(codes)
            numbered = hashes & ~_NUMBER
            numbered |= np.arange(len(codes), dtype=np.uint64)
            numbered.sort()
            for start in range(0, len(codes), _PIECE):  # the data of a piece stay in the processor cache
                asked = (numbered[start : start + _PIECE] & _NUMBER).view(np.int64)
                self._hold(codes, hashes, asked, found)
        return found

    def _hold(
        self, codes: NDArray[np.bytes_], hashes: Words, asked: NDArray[np.int64], found: NDArray[np.int64]
    ) -> None:
        """Write for each requested code the row that holds it; `asked` are positions of codes, ordered by hash."""
        index, mask = self._code_index.values, self._code_index.mask
        keys = hashes.take(asked) & ~mask
        places = index.searchsorted(keys)
        postings = index.take(places, mode="clip")
        hits = np.flatnonzero(postings ^ keys <= mask)
        places, asked = places.take(hits), asked.take(hits)
        found[asked] = postings.take(hits) & mask
        theirs, own = self.codes.take(places), codes.take(asked)
        if (theirs.view(np.uint16) != own.view(np.uint16)).any():
            for number in asked[theirs != own].tolist():  # another code has the same hash
                found[number] = self._holder(codes[number : number + 1])

    def _holder(self, code: NDArray[np.bytes_]) -> int:
        rows = self._code_index.of(int(code_words(code)[0]))
        return next((row for row in rows if normalised_code(self.entry(row).code) == code[0].decode()), -1)

    def _map_all(self) -> None:
        """Map all pages at once: a search touches some twenty pages, and first access to a page costs more than
        everything else.

        Where the system does not support this (Linux before 5.14), searches map page by page.
        """
        for array in self._touched:
            mapping = mapping_of(array)
            if mapping is not None:
                with suppress(OSError):
                    mapping.madvise(_POPULATE_READ)

    def _by_code(self, code: str) -> Iterable[int]:
        if len(code) != _CODE_LENGTH or not code.isascii():
            return ()
        return self._code_index.of(code_key(code))


def entry_order(entry_id: str) -> tuple[int, int]:
    """Return the position of an entry in its list: line, and which of the codes on it."""
    line, _, part = entry_id[1:].partition("-")
    return int(line), int(part or 1)


def _bytes(path: Path) -> "mmap.mmap | bytes":
    if path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
