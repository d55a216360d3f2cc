"""Who acts: the six roles, and the principal that a key stands for."""

from dataclasses import dataclass
from enum import StrEnum

from app.problems import NotFound


class Role(StrEnum):
    """DESIGN's roles; a person or program has exactly one."""

    OFFICER = "officer"  # 经办人: runs tenders
    EVALUATOR = "evaluator"  # 评审专家: scores
    BIDDER = "bidder"  # 投标人: its own organization only
    AUDITOR = "auditor"  # 审计: reads everything that is decided
    CLIENT = "client"  # a program of the agency
    ADMIN = "admin"  # keys and users, no bids


@dataclass(frozen=True, slots=True)
class Principal:
    """The actor of a request, a job or a command."""

    id: str
    role: Role
    organization_id: str | None = None

    @property
    def organization_scope(self) -> str | None:
        """The one organization a bidder sees; None: all."""
        return self.organization_id if self.role is Role.BIDDER else None

    def require_organization(self, organization_id: str | None) -> None:
        """Another bidder's object answers as if it did not exist."""
        if self.role is Role.BIDDER and organization_id != self.organization_id:
            raise NotFound


SYSTEM = Principal("system", Role.ADMIN)
