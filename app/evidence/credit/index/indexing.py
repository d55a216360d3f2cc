"""The second half of an import: build the index files from the staged ones by arithmetic on whole arrays.

Codes lead to rows in one index; whole names and cores, mixed with the name's province, in another. A sorted,
memory-mapped file of postings costs nothing until it is searched. Ten million names take about 2 GB.
"""

import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.values.canonical import canonical_json
from app.evidence.credit.index.hashing import PROVINCE_KEYS, Texts, Words, code_words
from app.evidence.credit.index.postings import append_padding, number_mask, postings, table
from app.evidence.credit.index.staging import FILES, Progress
from app.evidence.credit.index.statistics import core_counts, region_counts
from app.evidence.credit.index.traits import REGION, row_traits

_PIECE = 500_000
KEPT = ("rows", "row_ends", "bad_rows")


def read(directory: Path, name: str, kind: Any) -> NDArray[Any]:
    """Map a file into memory, read-only."""
    path = directory / name
    if path.stat().st_size == 0:
        return np.empty(0, kind)
    with path.open("rb") as file:
        # A plain array on the mapped memory: the class `memmap` costs more than the search it serves.
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), kind)


def mapping_of(array: NDArray[Any]) -> mmap.mmap | None:
    """Return the memory mapping behind an array of `read`; None for an empty one."""
    found = getattr(array.base, "obj", None)
    return found if isinstance(found, mmap.mmap) else None


class Indexing:
    """Builds the index files in the directory of a staged import."""

    def __init__(self, directory: Path, progress: Progress) -> None:
        self._directory = directory
        self._progress = progress

    def run(self, trades: Mapping[str, int], forms: Mapping[str, int], learnt: Sequence[str]) -> None:
        """Build every missing index file, then delete intermediate files; the counts go into `statistics`."""
        steps: dict[str, Callable[[], None]] = {
            "code_index": self._codes,
            "name_index": self._names,
        }
        if not (self._directory / "statistics").exists():
            self._statistics({"trades": trades, "forms": forms, "learnt": learnt})
        for number, (name, step) in enumerate(steps.items()):
            self._progress("indexing", number, len(steps))
            if not (self._directory / name).exists():
                step()
        for name in FILES:
            if name not in KEPT:
                (self._directory / name).unlink(missing_ok=True)
        self._progress("indexing", len(steps), len(steps))

    def _staged(self, name: str) -> NDArray[Any]:
        return read(self._directory, name, FILES[name])

    def _statistics(self, counted: Mapping[str, Any]) -> None:
        regions = self._staged("name_traits") & REGION
        pieces = [texts.whole() for _, texts in _texts(self._staged("core_points"), self._staged("core_lengths"))]
        hashes, counts = core_counts(np.concatenate(pieces) if pieces else np.empty(0, np.uint64))
        hashes.tofile(self._directory / "core_hashes")
        counts.tofile(self._directory / "core_counts")
        places = {str(region): count for region, count in region_counts(regions).items()}
        data = canonical_json({**counted, "regions": places, "names": len(regions)})
        fresh = self._directory / "statistics.new"
        fresh.write_bytes(data)
        fresh.replace(self._directory / "statistics")

    def _codes(self) -> None:
        codes = self._staged("codes")
        mask = number_mask(len(codes))
        index = self._sorted("code_index", self._code_postings(codes, mask))
        with (self._directory / "code_texts").open("wb") as file:
            for start in range(0, len(index), _PIECE):
                codes[(index[start : start + _PIECE] & mask).view(np.int64)].tofile(file)
        self._put("code_index")

    def _code_postings(self, codes: NDArray[Any], mask: np.uint64) -> Iterator[Words]:
        for start in range(0, len(codes), _PIECE):
            piece = codes[start : start + _PIECE]
            filled = np.flatnonzero(piece != b"")
            yield postings(code_words(piece[filled]), filled + start, mask)

    def _names(self) -> None:
        count = len(self._staged("row_ends"))
        traits, rows = self._staged("name_traits"), self._staged("name_rows")
        row_traits(traits, rows, count).tofile(self._directory / "traits")
        self._sorted("name_index", self._name_postings(traits & REGION, rows, number_mask(count)))
        self._put("name_index")

    def _name_postings(self, regions: NDArray[Any], rows: NDArray[Any], mask: np.uint64) -> Iterator[Words]:
        for start, texts in _texts(self._staged("name_points"), self._staged("name_lengths")):
            own = rows[start : start + len(texts.lengths)]
            yield postings(texts.whole(), own, mask)
            hashes, owners = texts.without_one()
            yield postings(hashes, own[owners], mask)
        for start, texts in _texts(self._staged("core_points"), self._staged("core_lengths")):
            own = rows[start : start + len(texts.lengths)]
            provinces = PROVINCE_KEYS[regions[start : start + len(texts.lengths)] // 100]
            for hashes, members in texts.core_keys():
                yield postings(hashes ^ provinces[members], own[members], mask)
        yield from self._short_postings(mask)

    def _short_postings(self, mask: np.uint64) -> Iterator[Words]:
        rows, regions = self._staged("short_rows"), self._staged("short_traits") & REGION
        for start, texts in _texts(self._staged("short_points"), self._staged("short_lengths")):
            end = start + len(texts.lengths)
            yield postings(texts.whole() ^ PROVINCE_KEYS[regions[start:end] // 100], rows[start:end], mask)

    def _sorted(self, name: str, pieces: Iterator[Words]) -> Words:
        """Sort the postings of a file and write their table; `_put` publishes the file once complete."""
        part = self._part(name)
        with part.open("wb") as file:
            for piece in pieces:
                piece.tofile(file)
        found: Words = np.empty(0, np.uint64)
        if part.stat().st_size:
            mapped = np.memmap(part, np.uint64, mode="r+")
            mapped.sort()
            mapped.flush()
            found = np.asarray(mapped)
        append_padding(part, found)
        table(found).tofile(self._directory / f"{name}_table")
        return found

    def _put(self, name: str) -> None:
        self._part(name).replace(self._directory / name)

    def _part(self, name: str) -> Path:
        return self._directory / f"{name}.part"


def _texts(points: NDArray[Any], lengths: NDArray[Any]) -> Iterator[tuple[int, Texts]]:
    """Yield texts in pieces, with the number of the first of each."""
    place = 0
    for start in range(0, len(lengths), _PIECE):
        piece = np.asarray(lengths[start : start + _PIECE]).astype(np.int64)
        end = place + int(piece.sum())
        yield start, Texts(np.asarray(points[place:end]), piece)
        place = end
