"""What the agency sees of a bidder's data in a quiet time: the state before, so that nothing tells who prepares a bid.

Hidden from all but the bidder itself: what it recorded since the publication of a tender with sealed bids, until
the opening. Shown all the same: what counts in a tender that is opened already, and what a clarification admitted.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, true

from app.platform.access.roles import SYSTEM, Role
from app.platform.audit.quiet import confidential
from app.platform.database.base import metadata
from app.platform.unit_of_work import UnitOfWork

_PARTS = ("registration", "particulars", "roster_version")


class Versioned(Protocol):
    """The row of an organization, as far as it is read here."""

    id: Any
    registration_version: Any
    particulars_version: Any
    roster_version: Any
    version: Any


@dataclass(frozen=True, slots=True)
class Counts:
    """The latest version of each part of an organization's dossier that the reader sees, and its row's version."""

    registration: int
    particulars: int
    roster: int
    version: int


def sees_all(work: UnitOfWork) -> bool:
    """Whether nothing is hidden: from a bidder, whose own data it is, and from the service itself."""
    return work.principal.role is Role.BIDDER or work.principal.id == SYSTEM.id


def visible_to(work: UnitOfWork, row: Any) -> ColumnElement[bool]:
    """Condition for rows (a table's columns, or a mapped class) that the principal may see."""
    if sees_all(work):
        return true()
    bid, tender, part = (metadata.tables[name] for name in ("bid", "tender", "admitted_part"))
    counts = select(bid.c.id).join(tender, tender.c.id == bid.c.tender_id)
    counts = counts.where(
        bid.c.organization_id == row.organization_id,
        or_(tender.c.bid_deadline.is_(None), tender.c.bid_deadline > row.created_at),
    )
    admitted = select(part.c.id).where(part.c.part == row.id)
    return or_(not_(confidential(row.trail_chain)), exists(counts), exists(admitted))


def counts_of(work: UnitOfWork, row: Versioned) -> Counts:
    """Return the versions of an organization that the principal may see."""
    told = Counts(row.registration_version, row.particulars_version, row.roster_version, row.version)
    if sees_all(work):
        return told
    registration, particulars, roster = (_newest(work, name, row.id) for name in _PARTS)
    told_count = registration.count + particulars.count + roster.count
    hidden = told.registration + told.particulars + told.roster - told_count
    return Counts(registration.newest, particulars.newest, roster.newest, told.version - hidden)


@dataclass(frozen=True, slots=True)
class _Part:
    """How many versions of a part the principal sees, and the number of the newest."""

    count: int
    newest: int


def _newest(work: UnitOfWork, name: str, organization: str) -> _Part:
    table = metadata.tables[name]
    own = and_(table.c.organization_id == organization, visible_to(work, table.c))
    found = work.session.execute(select(func.count(), func.coalesce(func.max(table.c.number), 0)).where(own)).one()
    return _Part(found[0], found[1])
