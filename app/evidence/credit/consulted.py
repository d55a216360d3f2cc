"""The lists that a screening consults, and what they say of an organization; knows no database."""

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
        """Every entry that relates to the organization, in the order of the list, whatever its dates."""


Index_co = TypeVar("Index_co", bound=Searchable, covariant=True)


@dataclass(frozen=True, slots=True)
class ListConsulted(Generic[Index_co]):
    """A snapshot that can be searched: its id, the day it was retrieved, its index; see `ListFacts` for the rest."""

    name: str
    snapshot: str
    retrieved_on: date
    index: Index_co
    lost_rows: int = 0
    retrieved_assumed: bool = False
    sha256: str | None = None
    rows: int | None = None

    def facts(self, organization: Organization, threshold: int) -> ListFacts:
        """Every entry that relates to an organization."""
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
        """The lists that the policy names, as far as there is one; others are not consulted."""
        return cls({rule.name: found.get(rule.name) for rule in rules.lists}, rules.candidate_threshold)

    @property
    def snapshots(self) -> dict[str, str]:
        """The snapshot of each list that has one."""
        return {name: one.snapshot for name, one in self.lists.items() if one is not None}

    def facts(self, organization: Organization) -> CreditFacts:
        """What the lists say of an organization."""
        found = (
            one.facts(organization, self.threshold) if one is not None else ListFacts(name, None)
            for name, one in self.lists.items()
        )
        return CreditFacts(tuple(found))
