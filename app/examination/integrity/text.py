"""Find similar texts and shared rare errors in documents of different bidders, after removing common text.

Samples of shingles (MinHash by sampling: evidence.reading.fingerprints) are joined by sorting with numpy, so the cost
grows with the text and not with the pairs; near sentences are compared by rapidfuzz, and only where they begin or end
alike.
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from app.core.integrity.facts import SharedVariant, Spot, TextMatch

Hashes = npt.NDArray[np.uint64]
_NONE: Hashes = np.empty(0, np.uint64)
_END = 6  # characters at either end of a sentence that index near ones
_FAR = 2  # edits between a rare form and the usual one
_MOST_SPOTS = 8
_MOST_OWNERS = 24  # documents that share one shingle; where more do, they are forms of the same bidders


@dataclass(frozen=True, slots=True)
class TextSample:
    """The stored sample of one document's text; `is_form` where all bidders write the same text by its nature."""

    bidder: str
    document: str
    hashes: Hashes
    spots: Sequence[Sequence[Any]] = ()
    sentences: Sequence[Sequence[Any]] = ()
    is_form: bool = False

    def spot(self, position: int) -> Spot:
        """Return the place where the shingle at a position of the sample begins."""
        for count, page, box in self.spots:
            if position < count:
                return Spot(self.document, page, tuple(box) if box else None)
            position -= count
        return Spot(self.document)


@dataclass(frozen=True, slots=True)
class Common:
    """Text of the tender's own documents, which every bidder may repeat."""

    hashes: Hashes = field(default_factory=_NONE.copy)
    sentences: frozenset[str] = frozenset()


def sample_of(bidder: str, document: str, fingerprint: Mapping[str, Any], *, is_form: bool) -> TextSample:
    """Build the sample from a stored fingerprint."""
    hashes = np.frombuffer(b64decode(fingerprint.get("shingles", "")), np.uint64)
    spots, sentences = fingerprint.get("spots", ()), fingerprint.get("sentences", ())
    return TextSample(bidder, document, hashes, spots, sentences, is_form)


def common_of(samples: Iterable[TextSample]) -> Common:
    """Collect the text of the tender's own documents."""
    kept = list(samples)
    hashes = np.unique(np.concatenate([one.hashes for one in kept])) if kept else _NONE
    return Common(hashes, frozenset(sentence[0] for one in kept for sentence in one.sentences))


@dataclass(frozen=True, slots=True)
class _Joined:
    """All shingles of all documents ordered by hash; `last` counts how many bidders have each."""

    documents: npt.NDArray[np.intp]
    positions: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    bidders: npt.NDArray[np.intp]


def text_matches(samples: Sequence[TextSample], common: Common, most: int) -> list[TextMatch]:
    """Return pairs of documents of two bidders that share text; text that more than `most` bidders have is ignored as
    common.
    """
    plain = [one for one in samples if not one.is_form and len(one.hashes)]
    if len({one.bidder for one in plain}) < 2:
        return []
    joined = _join(plain, common.hashes)
    remaining = np.bincount(
        joined.documents[np.repeat(joined.bidders <= most, np.diff(joined.starts))], minlength=len(plain)
    )
    shared: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for group in np.flatnonzero((joined.bidders >= 2) & (joined.bidders <= most)):
        start, end = joined.starts[group], joined.starts[group + 1]
        if end - start <= _MOST_OWNERS:
            _count_pairs(joined, int(start), int(end), plain, shared)
    return [_match(plain, pair, places, remaining) for pair, places in sorted(shared.items())]


def _join(samples: Sequence[TextSample], common: Hashes) -> _Joined:
    numbers = {bidder: number for number, bidder in enumerate(dict.fromkeys(one.bidder for one in samples))}
    sizes = [len(one.hashes) for one in samples]
    hashes = np.concatenate([one.hashes for one in samples])
    documents = np.repeat(np.arange(len(samples)), sizes)
    positions = np.concatenate([np.arange(size) for size in sizes])
    owners = np.repeat([numbers[one.bidder] for one in samples], sizes)
    kept = ~np.isin(hashes, common) if len(common) else np.ones(len(hashes), bool)
    hashes, documents, positions, owners = hashes[kept], documents[kept], positions[kept], owners[kept]
    order = np.lexsort((owners, hashes))
    hashes, documents, positions, owners = hashes[order], documents[order], positions[order], owners[order]
    is_first = np.concatenate(([True], hashes[1:] != hashes[:-1])) if len(hashes) else np.empty(0, bool)
    is_new = is_first | np.concatenate(([True], owners[1:] != owners[:-1])) if len(hashes) else is_first
    starts = np.concatenate((np.flatnonzero(is_first), [len(hashes)]))
    bidders = np.add.reduceat(is_new.astype(np.intp), starts[:-1]) if len(hashes) else np.empty(0, np.intp)
    return _Joined(documents, positions, starts, bidders)


def _count_pairs(
    joined: _Joined,
    start: int,
    end: int,
    samples: Sequence[TextSample],
    shared: dict[tuple[int, int], list[tuple[int, int]]],
) -> None:
    owners = sorted(zip(joined.documents[start:end].tolist(), joined.positions[start:end].tolist(), strict=True))
    for (one, here), (other, there) in combinations(owners, 2):
        if samples[one].bidder != samples[other].bidder:
            shared.setdefault((one, other), []).append((here, there))


def _match(
    samples: Sequence[TextSample], pair: tuple[int, int], places: list[tuple[int, int]], remaining: npt.NDArray[np.intp]
) -> TextMatch:
    one, other = samples[pair[0]], samples[pair[1]]
    shorter = max(1, min(int(remaining[pair[0]]), int(remaining[pair[1]])))
    places.sort()
    step = max(1, len(places) // _MOST_SPOTS)
    spots = dict.fromkeys((one.spot(here), other.spot(there)) for here, there in places[::step])
    shown = tuple(spots)[:_MOST_SPOTS]
    return TextMatch(
        (one.bidder, other.bidder), (one.document, other.document), len(places) / shorter, len(places), shown
    )


def shared_variants(samples: Sequence[TextSample], common: Common, most: int) -> list[SharedVariant]:
    """Return sentences that 2 to `most` bidders write with the same error, against the form of the tender or of more
    bidders.
    """
    holders: dict[str, dict[str, Spot]] = {}
    for one in samples:
        for text, page, box in one.sentences:
            holders.setdefault(text, {}).setdefault(one.bidder, Spot(one.document, page, tuple(box) if box else None))
    usual = _Usual([*common.sentences, *(text for text, own in holders.items() if len(own) > most)])
    found = []
    for text, own in sorted(holders.items()):
        if 2 <= len(own) <= most and text not in common.sentences and (form := usual.near(text)):
            found.append(SharedVariant(text, form, tuple(sorted(own.items()))))
    return found


class _Usual:
    """The usual sentences, indexed by how they begin and end."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._ends: dict[tuple[str, str], list[str]] = {}
        for text in sentences:
            for key in self._keys(text):
                self._ends.setdefault(key, []).append(text)

    @staticmethod
    def _keys(text: str) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("begins", text[:_END]), ("ends", text[-_END:])

    def near(self, text: str) -> str | None:
        """Return a usual sentence one or two edits away; None where only figures differ, because both are then correct."""
        for candidate in sorted(self._candidates(text)):
            apart = Levenshtein.distance(text, candidate, score_cutoff=_FAR)
            if 1 <= apart <= _FAR and re.sub(r"\d", "", text) != re.sub(r"\d", "", candidate):
                return candidate
        return None

    def _candidates(self, text: str) -> Iterator[str]:
        for key in self._keys(text):
            yield from self._ends.get(key, ())
