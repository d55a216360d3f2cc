"""Retention of an organization's or a tender's data, computed from the audit trail."""

from collections.abc import Iterable

from sqlalchemy import Table, func, select, union

from app.core.procedure.deadlines import day_in_china
from app.core.procedure.retention import Procurement, Retention, retention
from app.core.procedure.tender_state import TenderState
from app.platform.database.base import metadata
from app.platform.database.types import UtcDateTime
from app.platform.unit_of_work import UnitOfWork

FINAL = (TenderState.COMPLETE, TenderState.UNSUCCESSFUL, TenderState.CANCELLED)
ORGANIZATION, TENDER = ("org_",), ("ten_", "pra_")


def retention_of(work: UnitOfWork, subject: str) -> Retention:
    """Return the retention of an organization's or a tender's data, or of data outside a tender (a batch, a single screening)."""
    tenders: Iterable[str] = ()
    if subject.startswith(ORGANIZATION):
        tenders = tenders_of(work, subject)
    elif subject.startswith(TENDER):
        tenders = [subject]
    return retention([_procurement(work, one) for one in tenders], work.settings.retention_years)


def tenders_of(work: UnitOfWork, organization_id: str) -> list[str]:
    """Return every tender named in a row together with the organization."""
    both = [table for table in metadata.sorted_tables if {"tender_id", "organization_id"} <= set(table.c.keys())]
    asked = [
        select(table.c.tender_id).where(table.c.organization_id == organization_id, table.c.tender_id.is_not(None))
        for table in both
    ]
    return sorted(work.session.scalars(union(*asked)))


def _procurement(work: UnitOfWork, tender_id: str) -> Procurement:
    """Return the tender with the time of its last audit event, once it is in a final state."""
    state = work.session.scalar(select(_table("tender").c.state).where(_table("tender").c.id == tender_id))
    if state not in FINAL:
        return Procurement(tender_id, None)
    trail = _table("audit_event")
    last = select(func.max(trail.c.occurred_at, type_=UtcDateTime())).where(trail.c.chain == tender_id)
    at = work.session.scalar(last)
    return Procurement(tender_id, None if at is None else day_in_china(at))


def _table(name: str) -> Table:
    return metadata.tables[name]
