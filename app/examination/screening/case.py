"""The input of a screening as it is stored, and read back for a replay: everything the answer was computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.bidders.dossier_reader import ReadDossier, check_dossier
from app.core.credit.credit_record import CreditFacts, Judgement, ListEntry, ListFacts, Match, Relation
from app.core.eligibility.screening import Assurance, Facts
from app.core.facts.dossier import SharedFacts
from app.examination.screening.evidence import documented
from app.examination.screening.result import entry_json, shared_json
from app.examination.screening.run import NOTHING_DOCUMENTED, dossier_hash


@dataclass(frozen=True, slots=True)
class Case:
    """One bidder's case: what is judged, besides the policy. `records` are extraction records (5.8)."""

    dossier: ReadDossier
    as_of: date
    assurance: Assurance
    credit: CreditFacts
    shared: SharedFacts
    records: Sequence[Mapping[str, Any]] = ()

    def facts(self) -> tuple[Facts, str | None]:
        """The facts for the core, and the hash of the documents."""
        evidence = documented(self.records) if self.assurance is Assurance.DOCUMENTED else NOTHING_DOCUMENTED
        facts = Facts(self.dossier.facts, self.as_of, self.assurance, self.credit, self.shared, evidence.documents)
        return facts, evidence.hash

    @property
    def dossier_hash(self) -> str:
        """The hash of the dossier's canonical JSON."""
        return dossier_hash(self.dossier.data)


def case_json(case: Case) -> dict[str, Any]:
    """A case as JSON; it holds ID numbers, so it is stored encrypted only."""
    return {
        "dossier": case.dossier.data,
        "asOf": case.as_of.isoformat(),
        "assurance": case.assurance.value,
        "credit": [_list_json(one) for one in case.credit.lists],
        "shared": shared_json(case.shared),
        "records": list(case.records),
    }


def case_of(data: Mapping[str, Any]) -> Case:
    """The case read back."""
    shared = data["shared"]
    return Case(
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
        "matches": [
            {**entry_json(match), "formerNames": match.entry.former_names, "kind": match.entry.kind}
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
    )
    judgement = Judgement(data["judgement"]) if data["judgement"] else None
    return Match(entry, Relation(data["relation"]), data["score"], judgement, data["judgementId"])
