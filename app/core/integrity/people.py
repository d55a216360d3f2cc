"""One person on two bidders' rosters 花名册 (财政部令第87号 第三十七条第（三）项): by resident ID, by certificate, by
birth date.

A person who changed jobs, with months that do not overlap, is no duplicate. A name alone is never a lead.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.facts.dossier import RosterLine
from app.core.integrity.facts import Bidder
from app.core.integrity.leads import Pointer, Seen, Shared, Strength, seen
from app.core.integrity.persons import (
    PersonLine,
    birth_in,
    is_unique_number,
    person_name,
    plain_code,
    plain_name,
    shown_number,
    shown_person,
    were_employed_together,
)
from app.core.values.identity import birth_date, masked_id, normalised_code

Spread = dict[str, list[PersonLine]]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one bidder's lines, "" where there is none, and the line that each belongs to."""

    keys: list[str]
    lines: Sequence[int]


def shared_persons(bidders: Sequence[Bidder]) -> Iterator[Seen]:
    """Compute leads about persons; one pass over all lines for each kind of key, the rest only over what was found
    twice.
    """
    ids = _on_several(bidders, _ids)
    for code, entries in ids.items():
        yield _by_id(code, entries)
    for number, entries in _on_several(bidders, _numbers).items():
        yield from _by_certificate(number, entries, ids)
    births = _births(bidders)
    for entries in _on_several(bidders, lambda bidder: _names_and_births(bidder, births)).values():
        yield from _by_birth(entries, births)


def _ids(bidder: Bidder) -> Keys:
    return Keys([plain_code(line.resident_id) for line in bidder.roster], range(len(bidder.roster)))


def _numbers(bidder: Bidder) -> Keys:
    pairs = [(one.number, index) for index, line in enumerate(bidder.roster) for one in line.certificates]
    return Keys([plain_code(number) for number, _ in pairs], [index for _, index in pairs])


def _names_and_births(bidder: Bidder, births: dict[tuple[str, str], date]) -> Keys:
    return Keys([_name_and_birth(bidder.id, line, births) for line in bidder.roster], range(len(bidder.roster)))


def _name_and_birth(bidder: str, line: RosterLine, births: dict[tuple[str, str], date]) -> str:
    if not line.name:
        return ""
    digits = birth_in(line.resident_id)
    if not digits and births:
        told = births.get((bidder, person_name(line.name)))
        digits = f"{told:%Y%m%d}" if told else ""
    return plain_name(line.name) + digits if digits else ""


def _on_several(bidders: Sequence[Bidder], keys_of: Callable[[Bidder], Keys]) -> Spread:
    """Group roster lines by the keys that two or more bidders have. Sets find those keys at the cost of one pass."""
    listed = [keys_of(bidder) for bidder in bidders]
    known: set[str] = set()
    several: set[str] = set()
    for one in listed:
        own = set(one.keys)
        several |= own & known
        known |= own
    several.discard("")
    found: Spread = {key: [] for key in sorted(several)}
    for bidder, one in zip(bidders, listed, strict=True) if found else ():
        if not several.isdisjoint(one.keys):
            for key, index in zip(one.keys, one.lines, strict=True):
                if key in found:
                    found[key].append(PersonLine(bidder.id, index, bidder.roster[index]))
    return found


def _by_id(code: str, entries: list[PersonLine]) -> Seen:
    """Compare IDs: a valid ID is one person; a malformed one on both rosters is at best the same typing error."""
    overlapping = overlapping_entries(entries)
    if not overlapping:
        strength, name, evidence = Strength.WEAK, "person_moved_between_bidders", entries
    else:
        same_name = len({person_name(entry.line.name) for entry in overlapping}) == 1
        sure = Strength.FACT if birth_date(code) else Strength.STRONG if same_name else Strength.WEAK
        strength, name, evidence = sure, "same_person_two_bidders", overlapping
    found = seen(name, strength, f"id:{code}", _pointers(evidence, masked_id(code)), shown=masked_id(code))
    return replace(found, shared=Shared("resident_id", code))


def _by_certificate(number: str, entries: list[PersonLine], ids: Spread) -> Iterator[Seen]:
    """Compare certificates: the same number under the same name is the same person; under another name the number is
    used twice.
    """
    loose = [entry for entry in entries if normalised_code(entry.line.resident_id) not in ids]
    if not is_unique_number(number) or organizations_of(loose) < 2:
        return
    together = overlapping_entries(loose)
    persons = {
        birth and normalised_code(entry.line.resident_id) for entry in together if (birth := _valid_birth(entry.line))
    }
    names = {person_name(entry.line.name) for entry in together}
    if not together:
        return
    is_one = len(names) == 1 and "" not in names and len(persons) < 2
    code = "same_person_two_bidders" if is_one else "certificate_number_shared"
    shown = shown_number(number)
    found = seen(
        code,
        Strength.FACT if is_one else Strength.STRONG,
        f"certificate:{number}",
        _pointers(together, shown),
        shown=shown,
    )
    yield replace(found, shared=Shared("certificate_number", number))


def _births(bidders: Sequence[Bidder]) -> dict[tuple[str, str], date]:
    """Map bidder and name to the birth date on certificates; a name with two dates is left out."""
    told: dict[tuple[str, str], set[date]] = {}
    for bidder in bidders:
        for one in bidder.certified:
            if one.birth is not None and one.name:
                told.setdefault((bidder.id, person_name(one.name)), set()).add(one.birth)
    return {key: next(iter(dates)) for key, dates in told.items() if len(dates) == 1}


def _by_birth(entries: list[PersonLine], births: dict[tuple[str, str], date]) -> Iterator[Seen]:
    """Compare name and birth date: two different valid IDs are two persons; with one missing or mistyped, name and
    birth date identify one.
    """
    valid = {normalised_code(entry.line.resident_id) for entry in entries if _valid_birth(entry.line)}
    loose = [entry for entry in entries if not _valid_birth(entry.line)]
    codes = {normalised_code(entry.line.resident_id) for entry in entries}
    if len(valid) > 1 or not loose or (len(codes) == 1 and "" not in codes):
        return
    together = overlapping_entries(entries)
    if organizations_of(together) > 1:
        name = person_name(together[0].line.name)
        digits = birth_in(together[0].line.resident_id) or f"{births[together[0].bidder, name]:%Y%m%d}"
        shown = shown_person(together[0].line.name)
        yield seen(
            "probable_same_person", Strength.STRONG, f"birth:{name}{digits}", _pointers(together, shown), shown=shown
        )


def _valid_birth(line: RosterLine) -> date | None:
    return birth_date(normalised_code(line.resident_id))


def overlapping_entries(entries: Sequence[PersonLine]) -> list[PersonLine]:
    """Return the entries of different bidders whose months overlap; missing months count as overlapping."""
    if len(entries) > 50:
        return list(entries)  # this many lines of one person are not explained by a change of jobs
    return [
        entry
        for entry in entries
        if any(other.bidder != entry.bidder and were_employed_together(entry.line, other.line) for other in entries)
    ]


def organizations_of(entries: Iterable[PersonLine]) -> int:
    """Count the bidders that the lines belong to."""
    return len({entry.bidder for entry in entries})


def _pointers(entries: Iterable[PersonLine], shown: str | None) -> list[Pointer]:
    return [Pointer(entry.bidder, "roster", f"/roster/{entry.index}", shown=shown) for entry in entries]
