"""A screening run: one policy, one day, one set of lists, for one dossier or thousands of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.credit.credit_record import CreditFacts, ListFacts
from app.core.eligibility.screening import Assurance, Facts, screen
from app.core.facts.documents import NO_DOCUMENTS, Documents
from app.core.facts.dossier import Dossier, Organization, SharedFacts
from app.core.facts.policy import Policy
from app.core.values.canonical import canonical_json, sha256_hex
from app.evidence.credit.index.in_memory import Searchable
from app.examination.screening.result import Named, input_hash, result_line
from app.examination.screening.wire import plain_json


@dataclass(frozen=True, slots=True)
class LoadedList:
    """A snapshot that can be searched: its id, the day it was retrieved, its index."""

    name: str
    snapshot: str
    retrieved_on: date
    index: Searchable


@dataclass(frozen=True, slots=True)
class Documented:
    """What was read from a bidder's documents, and the hash of the extractions it was taken from."""

    documents: Documents = NO_DOCUMENTS
    hash: str | None = None


NOTHING_DOCUMENTED = Documented()


@dataclass(frozen=True, slots=True)
class Run:
    """What all dossiers of a run are judged by."""

    policy: Policy
    as_of: date
    assurance: Assurance = Assurance.DECLARED
    lists: Mapping[str, LoadedList] = field(default_factory=dict)

    def credit(self, organization: Organization) -> CreditFacts:
        """What the policy's lists say of an organization; lists that the policy does not name are not consulted."""
        return CreditFacts(tuple(self._list(rule.name, organization) for rule in self.policy.credit.lists))

    def _list(self, name: str, organization: Organization) -> ListFacts:
        loaded = self.lists.get(name)
        if loaded is None:
            return ListFacts(name, None)
        return ListFacts(
            name,
            loaded.snapshot,
            loaded.retrieved_on,
            loaded.index.matches(organization, self.policy.credit.candidate_threshold),
        )

    def line(
        self,
        name: str,
        dossier: Dossier,
        hashed: str,
        shared: SharedFacts,
        documented: Documented = NOTHING_DOCUMENTED,
    ) -> bytes:
        """The result line of one dossier; `hashed` is the hash of what its facts came from."""
        organization = dossier.organization
        facts = Facts(
            dossier,
            self.as_of,
            self.assurance,
            self.credit(organization),
            shared,
            documented.documents,
        )
        whole = input_hash(hashed, facts, self.policy, documented.hash)
        named = Named(name, organization.name, organization.code)
        return result_line(named, screen(facts, self.policy), facts, self.policy, whole)


def dossier_hash(data: Mapping[str, Any]) -> str:
    """The hash of a dossier's canonical JSON."""
    return sha256_hex(plain_json(data))


def error_line(name: str, error: Mapping[str, str]) -> bytes:
    """The line of a dossier that could not be read."""
    return canonical_json({"dossier": name, "error": dict(error)})


def consulted(run: Run) -> Sequence[str]:
    """Names of the policy's lists for which the run has no snapshot."""
    return [rule.name for rule in run.policy.credit.lists if rule.name not in run.lists]
