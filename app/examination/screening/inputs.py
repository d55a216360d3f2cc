"""The stored input of a screening, read back for a replay: everything the answer was computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.bidders.dossier_reader import ReadDossier, check_dossier
from app.core.credit.credit_record import CreditFacts, Judgement, ListEntry, ListFacts, Match, Relation
from app.core.eligibility.screening import Assurance, Facts
from app.core.facts.dossier import SharedFacts
from app.examination.screening.evidence import NOTHING_DOCUMENTED, documented
from app.examination.screening.judging import Case, dossier_hash
from app.examination.screening.result import entry_json, shared_json


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a case consists of, except the policy. `records` are extraction records (5.8)."""

    dossier: ReadDossier
    as_of: date
    assurance: Assurance
    credit: CreditFacts
    shared: SharedFacts
    records: Sequence[Mapping[str, Any]] = ()

    @property
    def case(self) -> Case:
        """Build the case for the judge."""
        evidence = documented(self.records) if self.assurance is Assurance.DOCUMENTED else NOTHING_DOCUMENTED
        facts = Facts(self.dossier.facts, self.as_of, self.assurance, self.credit, self.shared, evidence.documents)
        return Case(facts, dossier_hash(self.dossier.data), evidence.hash)


def inputs_json(inputs: Inputs) -> dict[str, Any]:
    """Return inputs as JSON; they hold ID numbers, so they are stored encrypted only."""
    return {
        "dossier": inputs.dossier.data,
        "asOf": inputs.as_of.isoformat(),
        "assurance": inputs.assurance.value,
        "credit": [_list_json(one) for one in inputs.credit.lists],
        "shared": shared_json(inputs.shared),
        "records": list(inputs.records),
    }


def inputs_of(data: Mapping[str, Any]) -> Inputs:
    """Parse stored inputs."""
    shared = data["shared"]
    return Inputs(
        check_dossier(data["dossier"]),
        date.fromisoformat(data["asOf"]),
        Assurance(data["assurance"]),
        CreditFacts(tuple(map(_list_facts, data["credit"]))),
        SharedFacts(frozenset(shared["residentIds"]), frozenset(shared["certificateNumbers"])),
        tuple(data["records"]),
    )


def _list_json(facts: ListFacts) -> dict[str, Any]:
    return {
        "list": facts.name,
        "snapshot": facts.snapshot,
        "retrievedOn": facts.retrieved_on.isoformat() if facts.retrieved_on else None,
        "lostRows": facts.lost_rows,
        "retrievedAssumed": facts.retrieved_assumed,
        "sha256": facts.sha256,
        "rows": facts.rows,
        "matches": [
            {
                **entry_json(match),
                "formerNames": match.entry.former_names,
                "kind": match.entry.kind,
                "unread": match.entry.unread,
            }
            for match in facts.matches
        ],
    }


def _list_facts(data: Mapping[str, Any]) -> ListFacts:
    retrieved_on = data["retrievedOn"]
    return ListFacts(
        data["list"],
        data["snapshot"],
        date.fromisoformat(retrieved_on) if retrieved_on else None,
        tuple(map(_match, data["matches"])),
        data["lostRows"],
        data["retrievedAssumed"],
        data["sha256"],
        data["rows"],
    )


def _match(data: Mapping[str, Any]) -> Match:
    entry = ListEntry(
        data["id"],
        data["name"],
        data["uscc"],
        tuple(data["formerNames"]),
        date.fromisoformat(data["from"]) if data["from"] else None,
        date.fromisoformat(data["to"]) if data["to"] else None,
        data["reason"],
        data["document"],
        data["kind"],
        tuple(data["unread"]),
    )
    judgement = Judgement(data["judgement"]) if data["judgement"] else None
    return Match(entry, Relation(data["relation"]), data["score"], judgement, data["judgementId"])
