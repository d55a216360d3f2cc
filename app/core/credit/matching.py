"""Match one organization against one entry of a credit list: hit, candidate, or no match; and whether a name suffices
to search.

A hit needs a valid code or a reviewer's judgement `same` (app.core.credit.credit_record); a name yields a candidate at
most.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from app.core.credit.credit_record import ListEntry, Match, Relation, are_two_organizations
from app.core.credit.name_readings import other_readings
from app.core.credit.names import Lexicon, Name, analysed, folded_name
from app.core.credit.other_names import names_in
from app.core.credit.resemblance import ONE, Explained, Feature, Resemblance, resemblance
from app.core.credit.weights import Frequencies, is_enough
from app.core.facts.dossier import Organization
from app.core.values.identity import normalised_code, normalised_name, parse_uscc

_FORMER = 950
_CODES_DIFFER = 900
_USCC_LENGTH = 18
_LEAST_NAME = 2


class Query(NamedTuple):
    """The organization searched for, its names parsed once for all lists; `former` holds the former names."""

    code: str
    is_code_valid: bool
    name: Name
    former: tuple[Name, ...] = ()
    readings: tuple[Name, ...] = ()  # other ones of the name
    known: Frequencies | None = None  # frequencies on the list that is searched; with None, rarity is not weighed

    @property
    def is_insufficient(self) -> bool:
        """Whether there is too little to match on: no valid code, and a name that is only a place, a trade, a legal
        form or one character.
        """
        name = self.name
        is_full = bool(
            name.place and name.trade and name.form
        )  # 徐州市社会工作协会: a whole name, although it has no core
        is_little = (name.is_weak and not is_full) or name.is_place or len(name.folded) < _LEAST_NAME
        return not self.is_code_valid and is_little


class Related(NamedTuple):
    """Entry that matches the query: by its code (a hit), or as a candidate with its score in thousandths."""

    entry: ListEntry
    is_hit: bool
    score: int
    features: tuple[Explained, ...]


def query_of(lexicon: Lexicon, organization: Organization, known: Frequencies | None = None) -> Query:
    """Parse the names of an organization."""
    named = names_in(organization.name or "")
    name = analysed(lexicon, named.name)
    return Query(
        normalised_code(organization.code),
        parse_uscc(organization.code) is not None,
        name,
        tuple([analysed(lexicon, former) for former in (*organization.former_names, *named.others)]),
        other_readings(lexicon, name),
        known,
    )


def related(lexicon: Lexicon, query: Query, entry: ListEntry, least: int = 0) -> Related | None:
    """Return how an entry relates to the query; None where nothing connects them, or where the score cannot reach
    `least`.
    """
    theirs = normalised_code(entry.code)
    if query.code and query.code == theirs and (query.is_code_valid or len(theirs) == _USCC_LENGTH):
        detail = "same_code" if query.is_code_valid else "code_unusable"
        explained = Explained(Feature.USCC, ONE, query.code, theirs, detail)
        return Related(entry, query.is_code_valid, ONE, (explained,))
    best = _compared(lexicon, query, query.name, entry.name, least) if query.name.folded else None
    if entry.former_names or query.former:
        best = max((*([best] if best else []), *_formerly(lexicon, query, entry, least)), key=_score, default=None)
    if best is None:
        return None
    if query.is_code_valid and are_two_organizations(query.code, theirs):
        if best.features[0].feature is not Feature.NAME or not best.features[0].detail.startswith("same_name"):
            return None
        differing = Explained(Feature.USCC, _CODES_DIFFER, query.code, theirs, "codes_differ")
        best = Resemblance(best.score * _CODES_DIFFER // ONE, (*best.features, differing))
    return Related(entry, False, best.score, best.features)


def _formerly(lexicon: Lexicon, query: Query, entry: ListEntry, least: int) -> Iterator[Resemblance]:
    for name in entry.former_names if query.name.folded else ():
        if found := _compared(lexicon, query, query.name, name, least):
            yield _as_former(found)
    for former in query.former:
        if found := _compared(lexicon, query, former, entry.name, least):
            yield _as_former(found)


def _score(found: Resemblance) -> int:
    return found.score


def _compared(lexicon: Lexicon, query: Query, name: Name, other: str, least: int) -> Resemblance | None:
    if (
        name.folded and folded_name(lexicon, other) == name.folded
    ):  # the most frequent case, and it saves parsing the other name
        detail = "same_name" if name.given == other else "same_name_folded"
        return Resemblance(ONE, (Explained(Feature.NAME, ONE, name.given, other, detail),))
    taken_apart = analysed(lexicon, other)
    best: Resemblance | None = None
    for reading in (name, *(query.readings if name is query.name else ())):
        if reading is not name and reading.figured != taken_apart.figured:
            continue
        found = resemblance(reading, taken_apart, least)
        if found and query.known and not is_enough(query.known, reading, taken_apart, found):
            continue
        if found and (best is None or found.score > best.score):
            best = found
    return best


def _as_former(found: Resemblance) -> Resemblance:
    first = found.features[0]
    explained = Explained(Feature.FORMER_NAME, _FORMER, first.query, first.candidate, "former_name")
    return Resemblance(found.score * _FORMER // ONE, (*found.features, explained))


def relation_of(found: Related) -> Relation:
    """Return how an entry found by `related` relates to a bidder, as a screening names it."""
    first = found.features[0]
    if first.feature is Feature.USCC:
        return Relation.CODE if found.is_hit else Relation.CODE_UNUSABLE
    if any(one.feature is Feature.FORMER_NAME for one in found.features):
        return Relation.FORMER_NAME
    if first.feature is Feature.NAME and normalised_name(first.query) == normalised_name(first.candidate):
        return Relation.SAME_NAME
    return Relation.VARIANT_NAME if first.detail in ("same_name_folded", "same_core") else Relation.NEAR_NAME


def match_of(found: Related) -> Match:
    """Return what a screening records of an entry: the relation, and the score as a decimal."""
    return Match(found.entry, relation_of(found), f"{Decimal(found.score) / ONE:f}")
