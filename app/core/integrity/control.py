"""The same person in charge 单位负责人, direct holding 控股 or management 管理 among bidders (政府采购法实施条例 第十八条).

Within one lot that is an exclusion ground, and blocks the qualification until an officer has decided; across lots, or
through a third party, it is a weak lead. 控股: more than half (公司法 第二百六十五条); a smaller share may control by other means.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.core.integrity.facts import Bidder, ControlLink
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer, Seen, Shared, Strength, across, blocking, lots_of, seen
from app.core.values.identity import birth_date, masked_id, normalised_code, normalised_name


def control_links(bidders: Sequence[Bidder], guards: Guards) -> Iterator[Seen]:
    """Compute leads about control among bidders."""
    lots = lots_of(bidders)
    yield from _representatives(bidders, lots)
    yield from _representatives_elsewhere(bidders)
    yield from _direct(bidders, lots, guards)
    yield from _indirect(bidders)


def compete(subjects: Sequence[str], lots: Mapping[str, frozenset[str]]) -> bool:
    """Whether two of them bid in one lot; while no bids are recorded, every pair counts."""
    own = [lots[subject] for subject in subjects]
    return not any(lots.values()) or len(frozenset[str]().union(*own)) < sum(map(len, own))


def _in_lot(found: Seen, lots: Mapping[str, frozenset[str]]) -> Seen:
    subjects = sorted({pointer.organization for pointer in found.evidence})
    return blocking(found) if compete(subjects, lots) else replace(found, strength=Strength.WEAK)


def _representatives(bidders: Sequence[Bidder], lots: Mapping[str, frozenset[str]]) -> Iterator[Seen]:
    entries = (
        (
            code,
            Pointer(bidder.id, "representative", "/organization/legalRepresentative/residentId", shown=masked_id(code)),
        )
        for bidder in bidders
        if birth_date(code := normalised_code(bidder.representative.resident_id))
    )
    for code, evidence in across(entries):
        found = seen("same_person_in_charge", Strength.FACT, f"head:{code}", evidence, shown=masked_id(code))
        yield _in_lot(found, lots)


def _representatives_elsewhere(bidders: Sequence[Bidder]) -> Iterator[Seen]:
    """Find a bidder's representative on another bidder's roster."""
    heads: dict[str, list[Pointer]] = {}
    for bidder in bidders:
        if birth_date(code := normalised_code(bidder.representative.resident_id)):
            pointer = Pointer(
                bidder.id, "representative", "/organization/legalRepresentative/residentId", shown=masked_id(code)
            )
            heads.setdefault(code, []).append(pointer)
    rosters = {code: [] for code in heads}  # type: dict[str, list[Pointer]]
    for bidder in bidders if heads else ():
        for index, line in enumerate(bidder.roster):
            code = normalised_code(line.resident_id)
            if code in heads:
                rosters[code].append(Pointer(bidder.id, "roster", f"/roster/{index}", shown=masked_id(code)))
    for code, elsewhere in sorted(rosters.items()):
        own = {pointer.organization for pointer in heads[code]}
        others = [pointer for pointer in elsewhere if pointer.organization not in own]
        if others:
            found = seen(
                "representative_on_other_roster",
                Strength.FACT,
                f"head-on-roster:{code}",
                [*heads[code], *others],
                shown=masked_id(code),
            )
            yield replace(found, shared=Shared("resident_id", code))


def _links(bidders: Sequence[Bidder]) -> Iterator[tuple[Bidder, int, ControlLink, str]]:
    for bidder in bidders:
        for index, link in enumerate(bidder.links):
            if key := _party(link.organization):
                yield bidder, index, link, key


def _party(text: str | None) -> str:
    return normalised_name(text).upper()


def _direct(bidders: Sequence[Bidder], lots: Mapping[str, frozenset[str]], guards: Guards) -> Iterator[Seen]:
    """Compute leads from declared links between two bidders; a share too small to control is a weak lead."""
    known = _parties(bidders)
    for bidder, index, link, key in _links(bidders):
        other = known.get(key)
        if other is None or other == bidder.id:
            continue
        code = "direct_management" if link.kind == "management" else "direct_holding"
        evidence = [_link_pointer(bidder, index), Pointer(other, "organization", "/organization/identifier/id")]
        found = seen(code, Strength.FACT, f"{code}:{bidder.id}:{other}", evidence, shown=_share(link))
        is_minority = code == "direct_holding" and link.share is not None and link.share <= guards.holding
        yield replace(found, strength=Strength.WEAK) if is_minority else _in_lot(found, lots)


def _share(link: ControlLink) -> str:
    return f"{link.share * 100:.2f}%" if link.share is not None else "?"


def _link_pointer(bidder: Bidder, index: int) -> Pointer:
    return Pointer(bidder.id, "controlLinks", f"/organization/controlLinks/{index}")


def _parties(bidders: Sequence[Bidder]) -> dict[str, str]:
    """Map everything a link may name a bidder by: id, code, name."""
    parties = {}
    for bidder in bidders:
        for text in (bidder.name, bidder.code, bidder.id):
            if key := _party(text):
                parties[key] = bidder.id
    return parties


def _indirect(bidders: Sequence[Bidder]) -> Iterator[Seen]:
    """Compute leads about two bidders linked with one third party that does not bid itself."""
    known = _parties(bidders)
    entries = ((key, _link_pointer(bidder, index)) for bidder, index, _, key in _links(bidders) if key not in known)
    for key, evidence in across(entries):
        yield seen("indirect_control", Strength.WEAK, f"third:{key}", evidence, shown=key)
