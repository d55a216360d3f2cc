"""A lead: observation, strength, article, subjects, evidence with its place, and innocent explanations."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.integrity.facts import Bidder, Spot, TenderFacts
from app.core.integrity.signals import SIGNALS, article_of
from app.core.values.text import Text

MOST_EVIDENCE = 200


class Strength(StrEnum):
    """fact: an identifier that is unique by nature is the same. strong: hardly explained by chance. weak: deserves a
    check.
    """

    FACT = "fact"
    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The place of a piece of evidence: its owner, its source; a JSON pointer into the dossier, a lot, or a place in a
    document.

    `shown` is the value for display: ID numbers are masked.
    """

    organization: str
    what: str
    pointer: str | None = None
    lot: str | None = None
    spot: Spot | None = None
    shown: str | None = None

    @property
    def identity(self) -> str:
        """Identify the evidence across computations: by owner and source, not by row, which moves with every edit."""
        document = self.spot.document if self.spot else ""
        return "|".join((self.organization, self.what, self.lot or "", document))


@dataclass(frozen=True, slots=True)
class Shared:
    """The value behind a lead about persons: `kind` resident_id or certificate_number. Sensitive: never shown."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead 线索; `subjects` are organization ids, `lots` those in which two or more of them bid."""

    id: str
    code: str
    strength: Strength
    article: str
    subjects: tuple[str, ...]
    lots: tuple[str, ...]
    evidence: tuple[Pointer, ...]
    message: Text
    innocent: Text
    blocks: bool = False
    shared: Shared | None = None

    @property
    def evidence_identities(self) -> tuple[str, ...]:
        """Identify the pieces of evidence, independent of the rows they are in."""
        return tuple(sorted({pointer.identity for pointer in self.evidence}))


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation of a rule, before it becomes a lead; `key` distinguishes leads of one code, whichever bidders
    share them.
    """

    code: str
    strength: Strength
    key: str
    evidence: Sequence[Pointer]
    values: Mapping[str, object]
    blocks: bool = False
    shared: Shared | None = None


def seen(code: str, strength: Strength, key: str, evidence: Sequence[Pointer], **values: object) -> Seen:
    """Build an observation with the values of its message."""
    return Seen(code, strength, key, evidence, values)


def blocking(found: Seen) -> Seen:
    """Whether it blocks the qualification of its subjects until an officer has decided (实施条例 第十八条)."""
    return replace(found, blocks=True)


def lead_of(found: Seen, facts: TenderFacts, lots: Mapping[str, frozenset[str]]) -> Lead:
    """Build the lead; its id is derived from what is shared, so that the same finding has the same id each time."""
    signal = SIGNALS[found.code]
    subjects = tuple(sorted({pointer.organization for pointer in found.evidence}))
    digest = hmac.new(facts.secret, f"{found.code}\n{found.key}".encode(), hashlib.sha256).hexdigest()
    return Lead(
        f"lead-{digest[:32]}",
        found.code,
        found.strength,
        article_of(signal, facts.day),
        subjects,
        _common_lots(subjects, lots),
        tuple(sorted(found.evidence, key=_order)[:MOST_EVIDENCE]),
        _filled(signal.message, {**found.values, "count": len(subjects)}),
        signal.innocent,
        found.blocks,
        found.shared,
    )


def _order(pointer: Pointer) -> tuple[str, ...]:
    spot = pointer.spot
    place = (spot.document, f"{spot.page or 0:06d}") if spot else ("", "")
    return (pointer.organization, pointer.what, pointer.lot or "", *place, pointer.pointer or "", pointer.shown or "")


def _filled(template: Text, values: Mapping[str, object]) -> Text:
    return Text(template.zh.format_map(values), template.en.format_map(values))


def _common_lots(subjects: Iterable[str], lots: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for subject in subjects:
        for lot in lots.get(subject, ()):
            counts[lot] = counts.get(lot, 0) + 1
    return tuple(sorted(lot for lot, count in counts.items() if count > 1))


def lots_of(bidders: Iterable[Bidder]) -> dict[str, frozenset[str]]:
    """Return the lots that each organization bids in."""
    return {bidder.id: bidder.lots | bidder.prices.keys() for bidder in bidders}


def across(entries: Iterable[tuple[str, Pointer]]) -> list[tuple[str, list[Pointer]]]:
    """Find what two or more organizations share: entries grouped by value, in order of the value; "" is a missing one."""
    groups: dict[str, list[Pointer]] = {}
    for value, pointer in entries:
        if value:
            groups.setdefault(value, []).append(pointer)
    shared = [(value, own) for value, own in groups.items() if len(own) > 1 and organizations(own) > 1]
    return sorted(shared, key=lambda group: group[0])


def organizations(pointers: Iterable[Pointer]) -> int:
    """Count the organizations that the evidence is about."""
    return len({pointer.organization for pointer in pointers})
