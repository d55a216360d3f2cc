"""The quota of files that a bidder may store: their number and their bytes. The agency's own uploads have none."""

from collections.abc import Sequence
from typing import cast

from fastapi import UploadFile
from sqlalchemy import bindparam, func, select

from app.bidders.documents.tables import Document
from app.platform.quota import Quota
from app.platform.unit_of_work import UnitOfWork

_USED = select(func.count(), func.coalesce(func.sum(Document.size), 0)).where(
    Document.organization_id == bindparam("organization")
)


def file_quotas(work: UnitOfWork) -> list[Quota]:
    """Return what the bidder's organization uses; none for other roles. Within the transaction if one has begun."""
    organization = work.principal.organization_scope
    if organization is None:
        return []
    files, size = work.session.execute(_USED, {"organization": organization}).one()
    return _quotas(work, int(files), int(size))


def require_room(work: UnitOfWork, files: Sequence[UploadFile]) -> None:
    """Raise QuotaExceeded before any of the files is stored, by a statement of its own that takes no lock."""
    organization = work.principal.organization_scope
    if organization is None:
        return
    stored, size = cast(tuple[int, int], work.row(_USED, organization=organization))
    for quota in _quotas(work, stored + len(files), int(size) + sum(file.size or 0 for file in files)):
        quota.require()


def _quotas(work: UnitOfWork, files: int, size: int) -> list[Quota]:
    settings = work.settings
    return [Quota("Quota-Files", files, settings.quota_files), Quota("Quota-Bytes", size, settings.quota_bytes)]
