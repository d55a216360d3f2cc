"""The six roles, and the principal authenticated by an API key or a session."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, SQLColumnExpression

from app.platform.problems import NotFound


class Role(StrEnum):
    """The roles; every account and key has exactly one."""

    OFFICER = "officer"  # 经办人: runs tenders
    EVALUATOR = "evaluator"  # 评审专家: scores, its own lots only
    BIDDER = "bidder"  # 投标人: its own organization only
    AUDITOR = "auditor"  # 审计: reads all decisions
    CLIENT = "client"  # software of the agency, within the scopes of its key
    ADMIN = "admin"  # keys and users, no bids


class Stage(StrEnum):
    """Login stage: full access, or first a password change or second-factor enrolment."""

    FULL = "full"
    PASSWORD = "password"  # noqa: S105  the name of a step
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Principal:
    """The actor of a request, a job or a command; `session_id` if a person is logged in."""

    id: str
    role: Role
    organization_id: str | None = None
    lots: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    session_id: str | None = None
    stage: Stage = Stage.FULL

    @property
    def organization_scope(self) -> str | None:
        """The one organization a bidder sees; None: all."""
        return self.organization_id if self.role is Role.BIDDER else None

    @property
    def lot_scope(self) -> frozenset[str] | None:
        """The lots an evaluator sees; None: all."""
        return self.lots if self.role is Role.EVALUATOR else None

    def require_organization(self, organization_id: str | None) -> None:
        """Raise NotFound if the object belongs to another bidder."""
        if self.role is Role.BIDDER and organization_id != self.organization_id:
            raise NotFound

    def require_lot(self, lot_id: str) -> None:
        """Raise NotFound if the object belongs to a lot that the evaluator is not assigned to."""
        if self.role is Role.EVALUATOR and lot_id not in self.lots:
            raise NotFound

    def confined(
        self, query: Select[Any], organization: SQLColumnExpression[Any], lot: SQLColumnExpression[Any] | None = None
    ) -> Select[Any]:
        """Restrict the query to a bidder's own rows, or to the rows of an evaluator's lots."""
        if self.role is Role.BIDDER:
            return query.where(organization == self.organization_id)
        if self.role is Role.EVALUATOR and lot is not None:
            return query.where(lot.in_(sorted(self.lots)))
        return query


SYSTEM = Principal("system", Role.ADMIN)
