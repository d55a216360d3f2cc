"""What a role is bound to: a bidder to its organization, an evaluator to lots, a program to scopes."""

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
    """A role with what confines it."""

    role: Role
    organization_id: str | None = None
    lots: Sequence[str] = ()
    scopes: Sequence[str] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """For the trail."""
        own = {"role": self.role.value, "organizationId": self.organization_id}
        return {**own, "lots": sorted(self.lots), "scopes": sorted(self.scopes)}


def require_bound(work: UnitOfWork, binding: Binding) -> None:
    """Invalid unless the role has exactly what it is bound to; an evaluator may wait for its lots."""
    faults = list(_faults(work, binding))
    if faults:
        raise Invalid(pointer=faults[0].pointer if len(faults) == 1 else None, faults=faults)


def _faults(work: UnitOfWork, binding: Binding) -> Any:
    if (binding.role is Role.BIDDER) != (binding.organization_id is not None):
        expected = "An organization is expected for a bidder, and for no other role"
        yield Fault("organization", expected, "/organizationId")
    if binding.lots and binding.role is not Role.EVALUATOR:
        yield Fault("lots", "Lots are expected for an evaluator, and for no other role", "/lots")
    if (binding.role is Role.CLIENT) != bool(binding.scopes):
        yield Fault("scopes", "Scopes are expected for a client, and for no other role", "/scopes")
    if not set(binding.scopes) <= SCOPES:
        yield Fault("unknown_scope", f"Scopes expected: {', '.join(sorted(SCOPES))}", "/scopes")
    if binding.lots and unknown_lots(work, binding.lots):
        yield Fault("unknown_lot", "Lots of this instance's tenders are expected", "/lots")
