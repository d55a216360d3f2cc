"""A small snapshot in memory, searched by code, by name, by near name and by core; the core decides what an entry is."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol

from app.core.credit.credit_record import (
    NEAR_NAME_LENGTH,
    RELATION_SCORES,
    ListEntry,
    Match,
    Relation,
    are_near,
    relate,
)
from app.core.credit.matching import screened
from app.core.credit.names import cut, folded, in_order
from app.core.facts.dossier import Organization
from app.core.values.identity import normalised_code, normalised_name
from app.evidence.credit.index.lexicon import lexicon


class Searchable(Protocol):
    """A snapshot that a screening can consult."""

    def matches(self, organization: Organization, threshold: int) -> tuple[Match, ...]:
        """Every entry that relates to the organization, in the order of the list's ids, whatever its dates."""


_Half = tuple[int, bool, str]  # length of the whole name, whether it is the first half, the half


class SnapshotIndex:
    """Lookups in dictionaries; near names by halves: one edit leaves one half of a name as it is."""

    def __init__(self, entries: Iterable[ListEntry]) -> None:
        self._exact: dict[str, list[ListEntry]] = {}
        self._halves: dict[_Half, list[tuple[str, ListEntry]]] = {}
        self._cores: dict[str, list[ListEntry]] = {}
        self.count = 0
        for entry in entries:
            self.count += 1
            self._add(entry)

    def _add(self, entry: ListEntry) -> None:
        name = normalised_name(entry.name)
        keys = {normalised_code(entry.code), name, *map(normalised_name, entry.former_names)} - {""}
        for key in keys:
            self._exact.setdefault(key, []).append(entry)
        if core := _core(entry.name):
            self._cores.setdefault(core, []).append(entry)
        if (length := len(name)) >= NEAR_NAME_LENGTH:
            middle = length // 2
            self._halves.setdefault((length, True, name[:middle]), []).append((name, entry))
            self._halves.setdefault((length, False, name[middle:]), []).append((name, entry))

    def matches(self, organization: Organization, threshold: int) -> tuple[Match, ...]:
        """See Searchable.matches."""
        found: dict[str, tuple[ListEntry, Relation]] = {}
        for entry in self._plain(organization):
            if relation := relate(organization, entry):
                found[entry.id] = entry, relation
        for entry in self._cores.get(_core(organization.name), ()):
            if entry.id not in found and (relation := screened(lexicon(), organization, entry, threshold)):
                found[entry.id] = entry, relation
        if not found:
            return ()
        in_order = sorted(found.values(), key=lambda pair: (len(pair[0].id), pair[0].id))
        return tuple(Match(entry, relation, RELATION_SCORES[relation]) for entry, relation in in_order)

    def _plain(self, organization: Organization) -> Iterator[ListEntry]:
        """Entries of the same code, the same name now or formerly, or a near name."""
        name = normalised_name(organization.name)
        for key in (normalised_code(organization.code), name, *map(normalised_name, organization.former_names)):
            if key:
                yield from self._exact.get(key, ())
        for half in _halves(name):
            for other, entry in self._halves.get(half, ()):
                if are_near(name, other):  # half of a name is often a trade and a form, which thousands share
                    yield entry


@lru_cache(maxsize=1024)  # the lists of a run are asked one after the other
def _halves(name: str) -> tuple[_Half, ...]:
    """What a near name can have in common with this one: of one length, one shorter or one longer, either half."""
    lengths = range(max(len(name) - 1, NEAR_NAME_LENGTH), len(name) + 2)
    first = [(length, True, name[: length // 2]) for length in lengths]
    second = [(length, False, name[-(length - length // 2) :]) for length in lengths]
    return tuple(half for pair in zip(first, second, strict=True) for half in pair)


@lru_cache(maxsize=65536)
def _core(name: str | None) -> str:
    """The core of a name, or the whole of it where it has none."""
    words, normal = lexicon(), normalised_name(name)
    whole = folded(words, normal)
    return cut(words, in_order(words, normal, whole)).figured or whole
