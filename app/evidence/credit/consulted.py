"""The lists that a screening consults, and their facts about an organization; no database access."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, Self, TypeVar

from app.core.credit.credit_record import CreditFacts, ListFacts, Match
from app.core.facts.dossier import Organization
from app.core.facts.policy import CreditRules


class Searchable(Protocol):
    """A snapshot that a screening can consult."""

    def matches(self, organization: Organization, threshold: int) -> tuple[Match, ...]:
        """Return every entry that relates to the organization, in list order, regardless of its dates."""


Index_co = TypeVar("Index_co", bound=Searchable, covariant=True)


@dataclass(frozen=True, slots=True)
class ListConsulted(Generic[Index_co]):
    """A snapshot that can be searched: its id, retrieval day and index; see `ListFacts` for the rest."""

    name: str
    snapshot: str
    retrieved_on: date
    index: Index_co
    lost_rows: int = 0
    retrieved_assumed: bool = False
    sha256: str | None = None
    rows: int | None = None

    def facts(self, organization: Organization, threshold: int) -> ListFacts:
        """Return every entry that relates to an organization."""
        matches = self.index.matches(organization, threshold)
        return ListFacts(
            self.name,
            self.snapshot,
            self.retrieved_on,
            matches,
            self.lost_rows,
            self.retrieved_assumed,
            self.sha256,
            self.rows,
        )


@dataclass(frozen=True, slots=True)
class Consulted:
    """The lists of a policy; None where there is no snapshot."""

    lists: Mapping[str, ListConsulted[Searchable] | None]
    threshold: int

    @classmethod
    def of(cls, rules: CreditRules, found: Mapping[str, ListConsulted[Searchable]]) -> Self:
        """Build from the lists that the policy names; other lists are not consulted."""
        return cls({rule.name: found.get(rule.name) for rule in rules.lists}, rules.candidate_threshold)

    @property
    def snapshots(self) -> dict[str, str]:
        """Return the snapshot of each list that has one."""
        return {name: one.snapshot for name, one in self.lists.items() if one is not None}

    def facts(self, organization: Organization) -> CreditFacts:
        """Return the facts of the lists about an organization."""
        found = (
            one.facts(organization, self.threshold) if one is not None else ListFacts(name, None)
            for name, one in self.lists.items()
        )
        return CreditFacts(tuple(found))
