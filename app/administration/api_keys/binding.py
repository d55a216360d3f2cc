"""Role bindings: a bidder to its organization, an evaluator to lots, a client to scopes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.platform.access.permissions import SCOPES
from app.platform.access.roles import Role
from app.platform.problems import Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.service import unknown_lots


@dataclass(frozen=True, slots=True)
class Binding:
    """A role with its binding."""

    role: Role
    organization_id: str | None = None
    lots: Sequence[str] = ()
    scopes: Sequence[str] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """As recorded in the audit trail."""
        own = {"role": self.role.value, "organizationId": self.organization_id}
        return {**own, "lots": sorted(self.lots), "scopes": sorted(self.scopes)}


def require_bound(work: UnitOfWork, binding: Binding) -> None:
    """Invalid unless the role has exactly its binding; an evaluator may get its lots later."""
    faults = list(_faults(work, binding))
    if faults:
        raise Invalid(pointer=faults[0].pointer if len(faults) == 1 else None, faults=faults)


def _faults(work: UnitOfWork, binding: Binding) -> Any:
    if (binding.role is Role.BIDDER) != (binding.organization_id is not None):
        expected = "Required for the role bidder, and only for it"
        yield Fault("organization", expected, "/organizationId")
    if binding.lots and binding.role is not Role.EVALUATOR:
        yield Fault("lots", "Allowed for the role evaluator only", "/lots")
    if (binding.role is Role.CLIENT) != bool(binding.scopes):
        yield Fault("scopes", "Required for the role client, and only for it", "/scopes")
    if not set(binding.scopes) <= SCOPES:
        yield Fault("unknown_scope", f"Scopes expected: {', '.join(sorted(SCOPES))}", "/scopes")
    if binding.lots and unknown_lots(work, binding.lots):
        yield Fault("unknown_lot", "Unknown lot", "/lots")
