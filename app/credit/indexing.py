"""The second half of an import: the index files, made of the staged ones by arithmetic on whole arrays.

Each posting is 64 bits: the upper half of a hash, then the number of a row or of a core. A sorted file of them is searched like
a tree, and mapped into memory it costs nothing until it is searched. Ten million names take about 2 GB.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.credit.hashing import HIGH, Texts, Words, code_words
from app.credit.postings import BLOCK
from app.credit.staging import FILES, Progress

_PIECE = 500_000
KEPT = ("rows", "row_ends", "codes", "bad_rows")


def read(directory: Path, name: str, kind: Any) -> NDArray[Any]:
    """A file mapped into memory, read-only."""
    path = directory / name
    if path.stat().st_size == 0:
        return np.empty(0, kind)
    # A plain array on the mapped memory: the class `memmap` costs more than the search it is used for.
    return np.asarray(np.memmap(path, kind, mode="r"))


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
            "core_places": self._cores,
            "core_index": self._core_keys,
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
        """Distinct cores get numbers in the order of their hashes; their texts, and where (region) which rows have them."""
        lengths, points = self._staged("core_lengths"), self._staged("core_points")
        hashes = np.concatenate([np.empty(0, np.uint64), *(texts.whole() for _, texts in _texts(points, lengths))])
        named = np.flatnonzero(np.asarray(lengths))
        _, first, numbers = np.unique(hashes[named], return_index=True, return_inverse=True)
        del hashes
        keys = numbers.astype(np.uint64) << np.uint64(16) | self._staged("regions")[named]
        order = np.argsort(keys, kind="stable")
        self._write("core_rows", self._staged("name_rows")[named][order])
        self._write_core_texts(points, np.asarray(lengths), named[first])
        self._write("core_places", keys[order])

    def _write_core_texts(self, points: NDArray[Any], lengths: NDArray[Any], chosen: NDArray[np.int64]) -> None:
        starts = np.cumsum(lengths, dtype=np.int64) - lengths
        ends = np.cumsum(lengths[chosen], dtype=np.int64)
        self._write("core_ends", ends.astype(np.uint64))
        with (self._directory / "core_texts.part").open("wb") as file:
            for place in range(0, len(chosen), _PIECE):
                piece = chosen[place : place + _PIECE]
                own = lengths[piece].astype(np.int64)
                local = np.arange(own.sum()) - np.repeat(np.cumsum(own) - own, own)
                np.asarray(points[np.repeat(starts[piece], own) + local]).tofile(file)
        (self._directory / "core_texts.part").replace(self._directory / "core_texts")

    def _core_keys(self) -> None:
        self._write_sorted("core_index", self._core_postings())

    def _core_postings(self) -> Iterator[Words]:
        ends = np.asarray(read(self._directory, "core_ends", np.uint64)).astype(np.int64)
        lengths = np.diff(ends, prepend=0)
        for start, texts in _texts(read(self._directory, "core_texts", np.uint32), lengths):
            for hashes, owners in texts.core_keys():
                yield _postings(hashes, owners + start)

    def _write(self, name: str, values: NDArray[Any]) -> None:
        part = self._directory / f"{name}.part"
        np.ascontiguousarray(values).tofile(part)
        part.replace(self._directory / name)

    def _write_sorted(self, name: str, pieces: Iterator[Words]) -> None:
        part = self._directory / f"{name}.part"
        with part.open("wb") as file:
            for piece in pieces:
                piece.tofile(file)
        if part.stat().st_size:
            postings = np.memmap(part, np.uint64, mode="r+")
            postings.sort()
            postings.flush()
            self._write(f"{name}_sample", postings[::BLOCK])
        else:
            self._write(f"{name}_sample", np.empty(0, np.uint64))
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
