"""Searches in the newest snapshots of several lists, and the record of a search that is kept with its tender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.audit.events import Event
from app.core.credit import is_usable
from app.core.facts import Organization
from app.core.policy import CreditRules
from app.credit.judgements import judgements_in_force
from app.credit.matching import Matcher
from app.credit.service import ListConsulted, consulted_list, imported_lists, newest
from app.credit.tables import CreditQuery
from app.problems import Fault, Invalid
from app.work import UnitOfWork


class ListUnknown(Invalid):
    """A list that was never imported: nothing can be said of it."""

    code, title = "credit_list_unknown", "This credit list was never imported"


@dataclass(frozen=True, slots=True)
class Searched:
    """A list that is searched; not usable when its newest snapshot is too old on the cut-off day, or was retrieved after it."""

    list: ListConsulted
    is_usable: bool


def lists_to_search(work: UnitOfWork, names: Sequence[str] | None, cut_off: date, rules: CreditRules) -> list[Searched]:
    """The newest usable snapshot of each list (default: of all); without one the newest, marked: a search is no screening."""
    judgements = judgements_in_force(work)
    found = []
    for place, name in enumerate(imported_lists(work) if names is None else dict.fromkeys(names)):
        row = newest(work, name, cut_off) or newest(work, name)
        if row is None:
            raise ListUnknown(faults=[Fault("credit_list", "an imported list", f"/lists/{place}")])
        usable = is_usable(row.retrieved_on, cut_off, rules.max_age_days)
        found.append(Searched(consulted_list(work, row, judgements), usable))
    return found


def matcher(lists: Sequence[Searched], cut_off: date, rules: CreditRules, *, names_entries: bool = True) -> Matcher:
    """What queries are matched with, by the thresholds of a policy."""
    consulted = [one.list for one in lists]
    return Matcher(consulted, cut_off, rules.candidate_threshold, rules.most_candidates, names_entries)


def answered(
    searched: Sequence[Searched], cut_off: date, rules: CreditRules, asked: Mapping[str, Organization]
) -> dict[str, Any]:
    """The answers to keyed queries on the wire, and in which snapshots was looked."""
    matching = matcher(searched, cut_off, rules)
    return {
        "asOf": cut_off.isoformat(),
        "snapshots": [
            {
                "list": one.list.name,
                "snapshot": one.list.snapshot,
                "retrievedAt": one.list.retrieved_on.isoformat(),
                "usable": one.is_usable,
            }
            for one in searched
        ],
        "results": {key: matching.result(key, organization) for key, organization in asked.items()},
    }


def keep(work: UnitOfWork, tender_id: str, as_of: date, query: Any, answer: Any) -> CreditQuery:
    """Keep a search with its tender: time, key, result (财库〔2016〕125号)."""
    row = CreditQuery(tender_id=tender_id, as_of=as_of, query=query, answer=answer, principal_id=work.principal.id)
    work.session.add(row)
    work.session.flush()
    work.record(Event.CLIENT_CREDIT_QUERY, subject=row.id, tender=tender_id, after={"asOf": as_of})
    return row
