"""Effects of flags: an open flag blocks a qualification, and a dismissed one clears a roster line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.core.facts.dossier import SharedFacts
from app.core.integrity.flag_state import FlagState, State, cleared, holds_up
from app.examination.integrity.tables import Flag
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork


class FlagUndecided(Conflict):
    """A flag for an exclusion ground (实施条例 第十八条) must be decided before the bidder is qualified."""

    code, title = "flag_undecided", "An undecided flag blocks this qualification"
    article = "政府采购法实施条例 第十八条"


def blocking_flags(work: UnitOfWork, tender_id: str, organization_id: str, lot_id: str | None) -> list[str]:
    """Return the open flags that block an organization's qualification in a lot (None: in any lot)."""
    query = select(Flag).where(Flag.tender_id == tender_id, Flag.blocks.is_(True), Flag.state == State.OPEN.value)
    rows = work.session.scalars(query.order_by(Flag.id))
    return [row.id for row in rows if holds_up(_flag_state(row), organization_id, lot_id)]


def require_decided(work: UnitOfWork, tender_id: str, organization_id: str, lot_id: str) -> None:
    """Raise FlagUndecided if a flag blocks the qualification."""
    if held := blocking_flags(work, tender_id, organization_id, lot_id):
        raise FlagUndecided(f"{len(held)} undecided: {', '.join(held[:5])}")


def without_dismissed(work: UnitOfWork, tender_id: str, shared: Mapping[str, SharedFacts]) -> dict[str, SharedFacts]:
    """Return what rosters share, without the persons and numbers that an officer dismissed as duplicates."""
    query = select(Flag).where(Flag.tender_id == tender_id, Flag.state == State.DISMISSED.value)
    dismissed = [(_flag_state(row), row.finding["shared"]) for row in work.session.scalars(query)]
    ids = [(flag, own["value"]) for flag, own in dismissed if own and own["kind"] == "resident_id"]
    numbers = [(flag, own["value"]) for flag, own in dismissed if own and own["kind"] == "certificate_number"]
    return {
        organization: replace(
            facts,
            resident_ids=facts.resident_ids - cleared(ids, organization),
            certificate_numbers=facts.certificate_numbers - cleared(numbers, organization),
        )
        for organization, facts in shared.items()
    }


@dataclass(frozen=True, slots=True)
class OpenLeads:
    """How many undecided leads concern an organization, and how many of those block its qualification."""

    count: int = 0
    blocking: int = 0


def open_leads(work: UnitOfWork, tender_id: str) -> dict[str, OpenLeads]:
    """Count the undecided leads of a tender by organization, as far as current facts still support them."""
    query = select(Flag.subjects, Flag.blocks).where(
        Flag.tender_id == tender_id, Flag.state == State.OPEN.value, Flag.current.is_(True)
    )
    counted: dict[str, OpenLeads] = {}
    for subjects, blocks in work.session.execute(query):
        for organization in subjects:
            before = counted.get(organization, OpenLeads())
            counted[organization] = OpenLeads(before.count + 1, before.blocking + blocks)
    return counted


def _flag_state(row: Flag) -> FlagState:
    return FlagState(row.code, State(row.state), row.current, row.blocks, tuple(row.subjects), tuple(row.lots))
