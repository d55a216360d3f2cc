"""Is the bidder free of bad credit records 信用记录 on the cut-off day? (财库〔2016〕125号)

A hit needs the same unified social credit code, or a reviewer's judgement `same`: names are unique only within a
registrar, so a name never bars by itself. Every other entry that resembles the bidder is a candidate for manual review.
"""

from collections.abc import Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum

from app.core.facts.outcome import Finding, Outcome, finding
from app.core.facts.policy import CreditList, CreditRules, ListNature
from app.core.values.frozen import value
from app.core.values.identity import parse_uscc


@value
class ListEntry:
    """An entry of a list; in force from `first` to `last`, both included; None is open-ended.

    `unread` names the columns whose value is unreadable (`from`, `to`, `name`, `uscc` …): there, None is not
    open-ended.
    """

    id: str
    name: str
    code: str | None = None
    former_names: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    reason: str | None = None
    document: str | None = None
    kind: str | None = None
    unread: tuple[str, ...] = ()

    def in_force_on(self, day: date) -> bool:
        """Whether the entry is in force on a day (实施条例 第十九条: a ban that has expired no longer excludes).

        True where an unreadable date leaves the question open; `is_period_known` distinguishes the two cases.
        """
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def is_period_known(self) -> bool:
        """Whether both dates were read, or are open-ended."""
        return "from" not in self.unread and "to" not in self.unread


class Relation(StrEnum):
    """How an entry relates to a bidder."""

    CODE = "code"
    CODE_UNUSABLE = "code_unusable"
    SAME_NAME = "same_name"
    FORMER_NAME = "former_name"
    NEAR_NAME = "near_name"
    VARIANT_NAME = "variant_name"


class Judgement(StrEnum):
    """A reviewer's judgement 认定 on a bidder and an entry."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@value
class Match:
    """An entry that relates to the bidder, with the reviewer's judgement on it and the judgement's id."""

    entry: ListEntry
    relation: Relation
    score: str = "1"
    judgement: Judgement | None = None
    judgement_id: str | None = None


@value
class ListFacts:
    """What one list states about the bidder: the snapshot that was consulted (None: there is none) and the matches in
    it.

    `lost_rows`: rows of the file with neither a readable name nor a readable code that no officer has accepted.
    `retrieved_assumed`: the retrieval day was not stated, so the list counts as retrieved on the cut-off day. `sha256`
    of the file as retrieved, and `rows`, the number of its entries: evidence of what was searched.
    """

    name: str
    snapshot: str | None
    retrieved_on: date | None = None
    matches: tuple[Match, ...] = ()
    lost_rows: int = 0
    retrieved_assumed: bool = False
    sha256: str | None = None
    rows: int | None = None


@value
class CreditFacts:
    """Facts of all lists that were consulted."""

    lists: tuple[ListFacts, ...] = field(default=())

    def of(self, name: str) -> ListFacts | None:
        """Return the facts of one list."""
        return next((facts for facts in self.lists if facts.name == name), None)


NO_CREDIT_FACTS = CreditFacts()


def are_two_organizations(one: str | None, other: str | None) -> bool:
    """Whether two valid codes differ: they are then two organizations, however similar their names."""
    ours, theirs = parse_uscc(one), parse_uscc(other)
    return ours is not None and theirs is not None and ours != theirs


def is_usable(retrieved_on: date, cut_off: date, max_age_days: int) -> bool:
    """Whether a snapshot was retrieved within `max_age_days` before the cut-off, the cut-off day included."""
    return 0 <= (cut_off - retrieved_on).days <= max_age_days


def credit_record(facts: CreditFacts, rules: CreditRules, as_of: date) -> list[Finding]:
    """Collect findings over every list of the policy; entries of other lists are ignored.

    Entries of an unusable snapshot are shown to the reviewer but never held against a bidder: the entry may have been
    removed since, or may not have existed yet.
    """
    cut_off = rules.cut_off or as_of
    found: list[Finding] = []
    for rule in rules.lists:
        of_list = facts.of(rule.name)
        if of_list is None or of_list.snapshot is None:
            found.append(finding(Outcome.UNDETERMINED, "list_missing", "/organization", list=rule.title))
            continue
        retrieved = of_list.retrieved_on
        if retrieved is None or not is_usable(retrieved, cut_off, rules.max_age_days):
            found.append(_unusable(rule, retrieved, cut_off, rules.max_age_days))
            continue
        found += _findings(of_list.matches, rule, cut_off)
        if of_list.lost_rows:
            values = {"list": rule.title, "rows": of_list.lost_rows}
            found.append(finding(Outcome.UNDETERMINED, "list_incomplete", "/organization", **values))
    return found


def _unusable(rule: CreditList, retrieved: date | None, cut_off: date, days: int) -> Finding:
    """Explain why a snapshot is unusable: retrieved too early, or after the cut-off day, which a tender may set later
    (财库〔2016〕125号).
    """
    if retrieved is None:
        return finding(Outcome.UNDETERMINED, "list_missing", "/organization", list=rule.title)
    code = "list_after_cut_off" if retrieved > cut_off else "list_too_old"
    values = {"list": rule.title, "retrieved": retrieved.isoformat(), "day": cut_off.isoformat(), "days": days}
    return finding(Outcome.UNDETERMINED, code, "/organization", **values)


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
    if is_hit and not match.entry.is_period_known:
        return Outcome.UNDETERMINED, "entry_period_unread"
    if is_hit and rule.nature is ListNature.BARRING:
        return Outcome.NOT_MET, "barred_by_code" if match.relation is Relation.CODE else "barred_by_judgement"
    if is_hit:
        return Outcome.UNDETERMINED, "warning_entry"
    return (
        Outcome.UNDETERMINED,
        "candidate_unsure" if match.judgement is Judgement.UNSURE else f"candidate_{match.relation}",
    )
