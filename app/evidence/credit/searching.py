"""Search the newest snapshots of several lists, and build the record that is kept in the tender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.credit.credit_record import is_usable
from app.core.facts.dossier import Organization
from app.core.facts.policy import CreditRules
from app.evidence.credit.consulted import ListConsulted
from app.evidence.credit.judgements import judgements_in_force
from app.evidence.credit.matching import Matcher
from app.evidence.credit.service import JudgedSnapshot, consulted_list, imported_lists, newest
from app.platform.problems import Fault, Invalid
from app.platform.unit_of_work import UnitOfWork


class ListUnknown(Invalid):
    """The list was never imported."""

    code, title = "credit_list_unknown", "This credit list was never imported"


@dataclass(frozen=True, slots=True)
class Searched:
    """A list to search; not usable when its newest snapshot is too old on the cut-off day, or was retrieved after it."""

    list: ListConsulted[JudgedSnapshot]
    is_usable: bool


def lists_to_search(work: UnitOfWork, names: Sequence[str] | None, cut_off: date, rules: CreditRules) -> list[Searched]:
    """Return the newest usable snapshot of each list (default: all); without one the newest, marked: a search is not a
    screening.
    """
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
    """Build the matcher with the thresholds of a policy."""
    consulted = [one.list for one in lists]
    return Matcher(consulted, cut_off, rules.candidate_threshold, rules.most_candidates, names_entries)


def answered(
    searched: Sequence[Searched], cut_off: date, rules: CreditRules, asked: Mapping[str, Organization]
) -> dict[str, Any]:
    """Return the answers to keyed queries on the wire, and the snapshots searched."""
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
