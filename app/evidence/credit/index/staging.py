"""The first half of an import: check, parse and append the rows of a list file, resumable at any point.

All files only grow. A checkpoint records their sizes and how many rows of the source they hold; anything after it is
truncated when the import resumes. An interrupted import therefore produces the same bytes as an uninterrupted one.
"""

import json
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np

from app.core.credit.names import SHORT_CORE, Lexicon, canonical_trades, cut, folded, in_order, short_keys, trimmed
from app.core.values.identity import normalised_code
from app.evidence.credit.index.statistics import trade_key
from app.evidence.credit.index.traits import name_traits
from app.evidence.credit.lists.entries import COLUMNS, NOTHING_READ, SEPARATOR, Cells, Stored, numbered, stored
from app.evidence.credit.lists.sources import Row

CHUNK = 50_000
CODE_LENGTH = 18
_STATE = "state.json"
# What a row or one of its names produces, with the type. The names of a row are its own and its former names.
FILES = {
    "rows": None,  # cells as UTF-8, preceded by their line
    "row_ends": np.uint64,
    "codes": np.dtype("S18"),  # normalised; empty unless it has 18 characters
    "bad_rows": None,  # JSON lines
    "name_points": np.uint32,
    "name_lengths": np.uint8,
    "name_rows": np.uint32,
    "name_traits": np.uint32,
    "core_points": np.uint32,
    "core_lengths": np.uint8,
    "short_points": np.uint32,  # further index keys of cores of two characters
    "short_lengths": np.uint8,
    "short_rows": np.uint32,
    "short_traits": np.uint32,
}
_LONGEST_FOLDED = 255
Progress = Callable[[str, int, int | None], None]


class Staging:
    """The growing files of one import in its own directory."""

    def __init__(self, directory: Path, lexicon: Lexicon) -> None:
        self._directory = directory
        self._lexicon = lexicon
        self._files: dict[str, BinaryIO] = {}
        self.consumed = self.rows = self.bad = self.unread = 0
        self.filled: set[str] = set()  # columns with at least one value
        self.trades: Counter[str] = Counter()  # names counted by their canonical trades, and by the class of their form
        self.forms: Counter[str] = Counter()
        self._end = 0

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        state = _read_state(self._directory)
        for name in FILES:
            file = (self._directory / name).open("ab")
            file.truncate(state["sizes"].get(name, 0))
            file.seek(0, os.SEEK_END)
            self._files[name] = file
        self.consumed, self.rows, self.bad = state["consumed"], state["rows"], state["bad"]
        self.unread, self.filled = state["unread"], set(state["filled"])
        self.trades, self.forms = Counter(state["trades"]), Counter(state["forms"])
        self._end = state["sizes"].get("rows", 0)
        return self

    def __exit__(self, *error: object) -> None:
        for file in self._files.values():
            file.close()

    def take(self, rows: Iterator[Row], progress: Progress) -> None:
        """Append all rows not yet staged, with a checkpoint after each chunk."""
        for _ in islice(rows, self.consumed):
            pass
        while chunk := list(islice(rows, CHUNK)):
            self._append(chunk)
            self._checkpoint()
            progress("reading", self.consumed, None)

    def _append(self, chunk: list[Row]) -> None:
        parts = _Chunk(self._lexicon, self.rows)
        bad: list[str] = []
        for line, cells in chunk:
            row = None if isinstance(cells, str) else stored(cells)
            lost = cells if isinstance(cells, str) else NOTHING_READ if row is None else parts.add(line, row)
            if row is not None and len(self.filled) < len(COLUMNS):
                self.filled.update(column for column, cell in zip(COLUMNS, cells, strict=True) if cell)
            if lost:
                self.bad += 1
                bad.append(_reported(line, lost))
            elif row is not None and row.unread:
                self.unread += 1
                bad.append(_reported(line, row.remark, is_kept=True))
        self._write(parts, bad)
        for trades, count in Counter(parts.trades).items():
            self.trades[trade_key(canonical_trades(self._lexicon, trades)[0])] += count
        for form, count in Counter(parts.forms).items():
            self.forms[self._lexicon.forms.get(form, "")] += count
        self.consumed += len(chunk)
        self.rows += len(parts.texts)

    def _write(self, parts: "_Chunk", bad: list[str]) -> None:
        ends = np.cumsum(np.fromiter(map(len, parts.texts), np.uint64, len(parts.texts)), dtype=np.uint64)
        data = {
            "rows": b"".join(parts.texts),
            "row_ends": (ends + np.uint64(self._end)).tobytes(),
            "codes": np.array(parts.codes, FILES["codes"]).tobytes(),
            "bad_rows": "".join(bad).encode(),
            "name_points": "".join(parts.names).encode("utf-32-le"),
            "name_lengths": bytes(map(len, parts.names)),
            "name_rows": np.array(parts.name_rows, np.uint32).tobytes(),
            "name_traits": np.array(parts.traits, np.uint32).tobytes(),
            "core_points": "".join(parts.cores).encode("utf-32-le"),
            "core_lengths": bytes(map(len, parts.cores)),
            "short_points": "".join(parts.short).encode("utf-32-le"),
            "short_lengths": bytes(map(len, parts.short)),
            "short_rows": np.array(parts.short_rows, np.uint32).tobytes(),
            "short_traits": np.array(parts.short_traits, np.uint32).tobytes(),
        }
        for name, content in data.items():
            self._files[name].write(content)
        self._end += len(data["rows"])

    def _checkpoint(self) -> None:
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        sizes = {name: file.tell() for name, file in self._files.items()}
        state = {
            "consumed": self.consumed,
            "rows": self.rows,
            "bad": self.bad,
            "unread": self.unread,
            "filled": sorted(self.filled),
            "trades": self.trades,
            "forms": self.forms,
            "sizes": sizes,
        }
        fresh = self._directory / f"{_STATE}.new"
        with fresh.open("w") as written:
            json.dump(state, written)
            written.flush()
            os.fsync(written.fileno())
        fresh.replace(self._directory / _STATE)


class _Chunk:
    """The data of a chunk's readable rows; names are numbered by row."""

    def __init__(self, lexicon: Lexicon, first_row: int) -> None:
        self._lexicon = lexicon
        self._row = first_row
        self.texts: list[bytes] = []
        self.codes: list[str] = []
        self.names: list[str] = []
        self.name_rows: list[int] = []
        self.traits: list[int] = []
        self.cores: list[str] = []
        self.short: list[str] = []
        self.short_rows: list[int] = []
        self.short_traits: list[int] = []
        self.trades: list[tuple[str, ...]] = []
        self.forms: list[str] = []

    def add(self, line: int, row: Stored) -> str | None:
        """Add a row; return the reason where its names cannot be indexed."""
        cells = row.rows[0]
        names = [(name, folded(self._lexicon, name)) for name in map(_normalised, _names_of(cells))]
        for _, whole in names:
            if len(whole) > _LONGEST_FOLDED:
                return "a name is too long"
        for number, one in numbered(line, row):
            for name, whole in names:
                if whole:
                    self._add_name(name, whole)
            self.codes.append(_code(one[1]))
            self.texts.append(f"{number}{SEPARATOR}{SEPARATOR.join(one)}".encode())
            self._row += 1
        return None

    def _add_name(self, name: str, whole: str) -> None:
        parts = cut(self._lexicon, whole if name.isalnum() else in_order(self._lexicon, name, whole))
        traits = name_traits(self._lexicon, parts.codes, parts.trades)
        self.trades.append(parts.trades)
        self.forms.append(parts.form)
        if len(parts.core) == SHORT_CORE:
            keys = short_keys(self._lexicon, parts.core)
            self.short += keys
            self.short_rows += [self._row] * len(keys)
            self.short_traits += [traits] * len(keys)
        for core in (parts.key,) if parts.key == parts.figured else (parts.key, parts.figured):
            self.names.append(whole)
            self.name_rows.append(self._row)
            self.traits.append(traits)
            self.cores.append(core)


def _names_of(cells: Cells) -> list[str]:
    return [cells[0], *cells[2].split(";")] if cells[2] else [cells[0]]


def _reported(line: int, reason: str, *, is_kept: bool = False) -> str:
    """Return a line of the report of rows not read completely."""
    return json.dumps({"line": line, "reason": reason, "is_kept": is_kept}, ensure_ascii=False) + "\n"


def _normalised(name: str) -> str:
    """Apply `normalised_name` without its cache: these are ten million different names."""
    if not unicodedata.is_normalized("NFKC", name):
        name = unicodedata.normalize("NFKC", name)
    return name if name.isalnum() else trimmed("".join(name.split()))


def _code(text: str) -> str:
    """Apply `normalised_code` without its cache; empty unless it has 18 characters."""
    if not (text.isascii() and text.isalnum()):
        text = normalised_code(text)
    return text.upper() if len(text) == CODE_LENGTH and text.isascii() and not text.isalpha() else ""


def _read_state(directory: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((directory / _STATE).read_text())
    except FileNotFoundError:
        return {"sizes": {}, "consumed": 0, "rows": 0, "bad": 0, "unread": 0, "filled": [], "trades": {}, "forms": {}}
    return state
