"""Is the bidder free of bad credit records 信用记录 on the day that counts? (财库〔2016〕125号)

A hit is by unified social credit code, or by a person's judgement `same`: names are unique only within a registrar, so a
name never bars by itself. Everything else that resembles the bidder is a candidate for manual review.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum

from app.core.facts.dossier import Organization
from app.core.facts.outcome import Finding, Outcome, finding
from app.core.facts.policy import CreditList, CreditRules, ListNature
from app.core.values.frozen import value
from app.core.values.identity import normalised_code, normalised_name, parse_uscc

NEAR_NAME_LENGTH = 5
_CODE_LENGTH = 18


@value
class ListEntry:
    """An entry of a list; in force from `first` to `last`, both included, None is open."""

    id: str
    name: str
    code: str | None = None
    former_names: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    reason: str | None = None
    document: str | None = None
    kind: str | None = None

    def in_force_on(self, day: date) -> bool:
        """Whether the entry is in force on a day (实施条例 第十九条: a ban that has expired no longer excludes)."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Relation(StrEnum):
    """How an entry relates to a bidder."""

    CODE = "code"
    CODE_UNUSABLE = "code_unusable"
    SAME_NAME = "same_name"
    FORMER_NAME = "former_name"
    NEAR_NAME = "near_name"
    VARIANT_NAME = "variant_name"


RELATION_SCORES: Mapping[Relation, str] = {
    Relation.CODE: "1",
    Relation.SAME_NAME: "1",
    Relation.CODE_UNUSABLE: "1",
    Relation.FORMER_NAME: "0.95",
    Relation.NEAR_NAME: "0.9",
    Relation.VARIANT_NAME: "0.9",
}


class Judgement(StrEnum):
    """A reviewer's judgement 认定 on a bidder and an entry."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@value
class Match:
    """An entry that relates to the bidder, with the reviewer's judgement on it and its id."""

    entry: ListEntry
    relation: Relation
    score: str = "1"
    judgement: Judgement | None = None
    judgement_id: str | None = None


@value
class ListFacts:
    """What one list says of the bidder: the snapshot that was consulted (None: there is none) and the matches in it."""

    name: str
    snapshot: str | None
    retrieved_on: date | None = None
    matches: tuple[Match, ...] = ()


@value
class CreditFacts:
    """Facts of all lists that were consulted."""

    lists: tuple[ListFacts, ...] = field(default=())

    def of(self, name: str) -> ListFacts | None:
        """The facts of one list."""
        return next((facts for facts in self.lists if facts.name == name), None)


NO_CREDIT_FACTS = CreditFacts()


def relate(organization: Organization, entry: ListEntry) -> Relation | None:
    """How an entry relates to a bidder; None where nothing but chance connects them."""
    ours, theirs = normalised_code(organization.code), normalised_code(entry.code)
    if ours and ours == theirs and parse_uscc(ours):
        return Relation.CODE
    if ours == theirs and len(ours) == _CODE_LENGTH:  # fails its check: a slip on both sides, or a placeholder
        return Relation.CODE_UNUSABLE
    return _by_name(organization, entry)


def _by_name(organization: Organization, entry: ListEntry) -> Relation | None:
    our_name, their_name = normalised_name(organization.name), normalised_name(entry.name)
    if our_name and our_name == their_name:
        return Relation.SAME_NAME
    if their_name and their_name in map(normalised_name, organization.former_names):
        return Relation.FORMER_NAME
    if our_name and our_name in map(normalised_name, entry.former_names):
        return Relation.FORMER_NAME
    if not are_two_organizations(organization.code, entry.code) and are_near(our_name, their_name):
        return Relation.NEAR_NAME
    return None


def are_two_organizations(one: str | None, other: str | None) -> bool:
    """Two valid codes that differ are two organizations, however alike their names."""
    ours, theirs = parse_uscc(one), parse_uscc(other)
    return ours is not None and theirs is not None and ours != theirs


def are_near(one: str, other: str) -> bool:
    """Edit distance 1 (one character dropped, added or changed) between normalised names of five characters or more."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < NEAR_NAME_LENGTH or one == other:
        return False
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, character in enumerate(one) if character != other[place]), len(one))
    return one[start + (len(one) == len(other)) :] == other[start + 1 :]


def is_usable(retrieved_on: date, cut_off: date, max_age_days: int) -> bool:
    """A snapshot is usable when retrieved within `max_age_days` before the cut-off, the cut-off day included."""
    return 0 <= (cut_off - retrieved_on).days <= max_age_days


def credit_record(facts: CreditFacts, rules: CreditRules, as_of: date) -> list[Finding]:
    """Findings over every list of the policy; entries of other lists are ignored.

    Entries of an unusable snapshot are shown to the reviewer but never held against a bidder: the entry may have
    been removed since, or may not have been there yet.
    """
    cut_off = rules.cut_off or as_of
    found: list[Finding] = []
    for rule in rules.lists:
        of_list = facts.of(rule.name)
        if of_list is None or of_list.snapshot is None:
            found.append(finding(Outcome.UNDETERMINED, "list_missing", "/organization", list=rule.title))
            continue
        if of_list.retrieved_on is None or not is_usable(of_list.retrieved_on, cut_off, rules.max_age_days):
            found.append(finding(Outcome.UNDETERMINED, "list_too_old", "/organization", list=rule.title))
            continue
        found += _findings(of_list.matches, rule, cut_off)
    return found


def _findings(matches: Sequence[Match], rule: CreditList, cut_off: date) -> list[Finding]:
    found = []
    for match in matches:
        is_other = match.judgement is Judgement.DIFFERENT and match.relation is not Relation.CODE
        if is_other or not match.entry.in_force_on(cut_off):
            continue
        outcome, code = _meaning(match, rule)
        pointer = "/organization/identifier/id" if match.relation is Relation.CODE else "/organization/name"
        found.append(finding(outcome, code, pointer, list=rule.title, entry=match.entry.id))
    return found


def _meaning(match: Match, rule: CreditList) -> tuple[Outcome, str]:
    is_hit = match.relation is Relation.CODE or match.judgement is Judgement.SAME
    if is_hit and rule.nature is ListNature.BARRING:
        return Outcome.NOT_MET, "barred_by_code" if match.relation is Relation.CODE else "barred_by_judgement"
    if is_hit:
        return Outcome.UNDETERMINED, "warning_entry"
    return (
        Outcome.UNDETERMINED,
        "candidate_unsure" if match.judgement is Judgement.UNSURE else f"candidate_{match.relation}",
    )
