"""Publish a notice to all, or send it to one bidder; a notice is never changed."""

from typing import Any

from sqlalchemy import select

from app.platform.audit.events import Event
from app.platform.unit_of_work import UnitOfWork
from app.tendering.notices.tables import Notice


def publish_notice(
    work: UnitOfWork, tender_id: str, kind: str, content: dict[str, Any], to: str | None = None
) -> Notice:
    """Publish a notice to all, or only `to` one organization."""
    row = Notice(tender_id=tender_id, kind=kind, organization_id=to, content=content)
    work.session.add(row)
    work.session.flush()
    work.record(Event.OFFICER_NOTICE_PUBLISH, subject=row.id, tender=tender_id, after={"kind": kind, "to": to})
    return row


def replace_notice(work: UnitOfWork, tender_id: str, kind: str, content: dict[str, Any]) -> Notice:
    """Set the only notice of a kind while the tender is a draft: an earlier draft of it is removed."""
    query = select(Notice).where(Notice.tender_id == tender_id, Notice.kind == kind)
    for row in work.session.scalars(query):
        work.session.delete(row)
    return publish_notice(work, tender_id, kind, content)
