"""What a bidder had uploaded by a deadline: its files by hash, and the version of its dossier."""

from datetime import datetime

from sqlalchemy import func, select

from app.bidders.organizations.tables import Organization
from app.core.bids.stated import Uploaded
from app.platform.database.base import metadata
from app.platform.unit_of_work import UnitOfWork

_PARTS = ("organization_identity", "registration", "particulars", "roster_version")


def uploaded_by(work: UnitOfWork, organization_id: str, deadline: datetime | None) -> Uploaded:
    """Return an organization's uploads by a deadline (None: all of them), for the service, never for a response.

    Each part recorded raises the dossier's version by one, so those that came later are taken off.
    """
    document = metadata.tables["document"].c
    query = select(document.sha256, func.min(document.created_at)).where(document.organization_id == organization_id)
    files = work.session.execute(query.group_by(document.sha256))
    documents = {sha256: deadline is None or first < deadline for sha256, first in files}
    version = work.get(Organization, organization_id).version
    return Uploaded(documents, version - (0 if deadline is None else _later(work, organization_id, deadline)))


def _later(work: UnitOfWork, organization_id: str, deadline: datetime) -> int:
    """Count the parts that were recorded at the deadline or later."""
    parts = (metadata.tables[name].c for name in _PARTS)
    later = (
        select(func.count()).where(part.organization_id == organization_id, part.created_at >= deadline)
        for part in parts
    )
    return sum(work.session.scalar(query) or 0 for query in later)
