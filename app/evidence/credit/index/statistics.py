"""Frequencies of a list's trade words, places, forms and cores, stored with the snapshot so that a replay is exact."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.credit.names import Lexicon
from app.evidence.credit.index.hashing import Words, whole_hash
from app.evidence.credit.index.lexicon import lexicon, with_trades

FILE, HASHES, COUNTS = "statistics", "core_hashes", "core_counts"


@dataclass(frozen=True, slots=True)
class ListStatistics:
    """The frequencies of a list (`Frequencies` of app.core.credit.weights), and the words learnt from it."""

    names: int
    learnt: tuple[str, ...]
    trades: Mapping[str, int]
    forms: Mapping[str, int]
    regions: Mapping[int, int]
    hashes: Words  # hashes of cores that occur at least twice, ascending
    counts: NDArray[np.uint32]

    def core(self, core: str) -> int:
        """Return the number of names with this core; 1 for a core that occurs once or never."""
        if not len(self.hashes):
            return 1
        wanted = whole_hash(core)
        place = int(self.hashes.searchsorted(wanted))
        found = place < len(self.hashes) and self.hashes[place] == wanted
        return int(self.counts[place]) if found else 1

    def region(self, region: int) -> int:
        """Return the number of names of a province (3200) or of a city in it (3205)."""
        return self.regions.get(region, 0)

    def trade(self, trades: Iterable[str]) -> int:
        """Return the number of names with exactly these canonical trades."""
        return self.trades.get(trade_key(trades), 0)

    def form(self, form_class: str) -> int:
        """Return the number of names with a form of this class."""
        return self.forms.get(form_class, 0)

    @property
    def lexicon(self) -> Lexicon:
        """Return the lexicon used to parse the names of this list."""
        return lexicon_of(self.learnt)


@lru_cache(maxsize=64)
def lexicon_of(learnt: tuple[str, ...]) -> Lexicon:
    """Return the lexicon with learnt words; one shared by all lists without any."""
    return with_trades(lexicon(), learnt)


def trade_key(trades: Iterable[str]) -> str:
    """Encode canonical trades as one text."""
    return "+".join(sorted(trades))


def region_counts(regions: NDArray[Any]) -> dict[int, int]:
    """Count names by city (3205), and by province with all its cities (3200)."""
    counts = np.bincount(regions, minlength=1) if len(regions) else np.zeros(1, np.int64)
    found: dict[int, int] = {}
    for region in np.flatnonzero(counts).tolist():
        province = region // 100 * 100
        found[province] = found.get(province, 0) + int(counts[region])
        if region != province:
            found[region] = int(counts[region])
    return found


def core_counts(hashes: Words) -> tuple[Words, NDArray[np.uint32]]:
    """Return the hashes of cores that occur at least twice on a list, and how often."""
    unique, counts = np.unique(hashes, return_counts=True)
    often = counts > 1
    return unique[often], counts[often].astype(np.uint32)


def read_statistics(directory: Path) -> ListStatistics:
    """Read the statistics from a snapshot's files."""
    data = json.loads((directory / FILE).read_bytes())
    return ListStatistics(
        data["names"],
        tuple(data["learnt"]),
        data["trades"],
        data["forms"],
        {int(region): count for region, count in data["regions"].items()},
        np.fromfile(directory / HASHES, np.uint64),
        np.fromfile(directory / COUNTS, np.uint32),
    )
