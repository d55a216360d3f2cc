"""The second half of an import: the index files, made of the staged ones by arithmetic on whole arrays.

Each posting is 64 bits: the upper half of a hash, then the number of a row or of a name. Codes and whole names lead to rows;
cores, mixed with the province that the name is of, lead to names. Sorted and mapped into memory a file of them costs nothing
until it is searched. Ten million names take about 2 GB.
"""

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.credit.hashing import HIGH, PROVINCE_KEYS, Texts, Words, code_words
from app.credit.postings import table
from app.credit.staging import FILES, Progress

_PIECE = 500_000
KEPT = ("rows", "row_ends", "codes", "bad_rows", "name_rows", "regions")


def read(directory: Path, name: str, kind: Any) -> NDArray[Any]:
    """A file mapped into memory, read-only."""
    path = directory / name
    if path.stat().st_size == 0:
        return np.empty(0, kind)
    with path.open("rb") as file:
        # A plain array on the mapped memory: the class `memmap` costs more than the search it is used for.
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), kind)


def mapping_of(array: NDArray[Any]) -> mmap.mmap | None:
    """The mapping that an array of `read` lies on; None for an empty one."""
    found = getattr(array.base, "obj", None)
    return found if isinstance(found, mmap.mmap) else None


class Indexing:
    """Makes the index files in the directory of a staged import."""

    def __init__(self, directory: Path, progress: Progress) -> None:
        self._directory = directory
        self._progress = progress

    def run(self) -> None:
        """Make every index file that is not there yet, then drop what only they needed."""
        steps: dict[str, Callable[[], None]] = {
            "code_index": self._codes,
            "name_index": self._names,
            "core_index": self._cores,
        }
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

    def _codes(self) -> None:
        codes = self._staged("codes")
        self._write_sorted("code_index", self._code_postings(codes))

    def _code_postings(self, codes: NDArray[Any]) -> Iterator[Words]:
        for start in range(0, len(codes), _PIECE):
            piece = np.asarray(codes[start : start + _PIECE])
            filled = np.flatnonzero(piece != b"")
            yield _postings(code_words(piece[filled]), filled + start)

    def _names(self) -> None:
        self._write_sorted("name_index", self._name_postings())

    def _name_postings(self) -> Iterator[Words]:
        rows = self._staged("name_rows")
        for start, texts in _texts(self._staged("name_points"), self._staged("name_lengths")):
            own = np.asarray(rows[start : start + len(texts.lengths)])
            yield _postings(texts.whole(), own)
            hashes, owners = texts.without_one()
            yield _postings(hashes, own[owners])

    def _cores(self) -> None:
        self._write_sorted("core_index", self._core_postings())

    def _core_postings(self) -> Iterator[Words]:
        regions = self._staged("regions")
        for start, texts in _texts(self._staged("core_points"), self._staged("core_lengths")):
            own = PROVINCE_KEYS[np.asarray(regions[start : start + len(texts.lengths)]) // 100]
            for hashes, members in texts.core_keys():
                yield _postings(hashes ^ own[members], members + start)

    def _write(self, name: str, values: NDArray[Any]) -> None:
        part = self._directory / f"{name}.part"
        np.ascontiguousarray(values).tofile(part)
        part.replace(self._directory / name)

    def _write_sorted(self, name: str, pieces: Iterator[Words]) -> None:
        part = self._directory / f"{name}.part"
        with part.open("wb") as file:
            for piece in pieces:
                piece.tofile(file)
        postings: Words = np.empty(0, np.uint64)
        if part.stat().st_size:
            mapped = np.memmap(part, np.uint64, mode="r+")
            mapped.sort()
            mapped.flush()
            postings = np.asarray(mapped)
        self._write(f"{name}_table", table(postings))
        part.replace(self._directory / name)


def _postings(hashes: Words, numbers: NDArray[np.integer]) -> Words:
    return (hashes & HIGH) | numbers.astype(np.uint64)


def _texts(points: NDArray[Any], lengths: NDArray[Any]) -> Iterator[tuple[int, Texts]]:
    """Texts in pieces, with the number of the first of each."""
    place = 0
    for start in range(0, len(lengths), _PIECE):
        piece = np.asarray(lengths[start : start + _PIECE]).astype(np.int64)
        end = place + int(piece.sum())
        yield start, Texts(np.asarray(points[place:end]), piece)
        place = end
