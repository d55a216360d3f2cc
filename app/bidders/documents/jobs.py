"""The extraction job: reads documents in small batches in the child process pool, one transaction per batch."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.bidders.documents.service import store_reading
from app.bidders.documents.tables import Document
from app.evidence.reading.isolation.pool import shared
from app.platform.files.store import FileCorrupt, FileMissing, FileStore
from app.platform.jobs.run import JobRun
from app.platform.unit_of_work import UnitOfWork

KIND = "documents.extract"
BATCH = 8
NOT_READ = {"code": "not_read", "message": "the job that reads it ended before it did"}
AT_ONCE = 2  # one less than the pool has children of a kind by default


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: str
    sha256: str
    scope: str
    name: str


def run_extraction(run: JobRun) -> dict[str, Any]:
    """Extract the documents of the payload, resuming where the last run stopped. A file that crashes its reader stays."""
    ids: Sequence[str] = run.payload["documents"]
    for start in range(run.checkpoint.get("next", 0), len(ids), BATCH):
        waiting = _take_up(run, ids, start)
        holder = run.principal.organization_id or run.principal.id
        records = list(_read_all(run.platform.files, waiting, holder))
        done = start + len(waiting)
        with run.chunk(done=done, total=len(ids), checkpoint={"next": done}) as work:
            for one, record in zip(waiting, records, strict=True):
                store_reading(work, work.get(Document, one.id), record)
        if done < len(ids):
            run.step_aside()
    return {"documents": len(ids)}


def _take_up(run: JobRun, ids: Sequence[str], start: int) -> list[_Waiting]:
    with run.chunk(done=start, total=len(ids), checkpoint={"next": start}) as work:
        rows = [work.get(Document, one) for one in ids[start : start + BATCH]]
        for row in rows:
            if row.state == "received":
                row.state = "processing"
        return [_Waiting(row.id, row.sha256, row.scope, row.name.reveal()) for row in rows]


def _read_all(files: FileStore, waiting: Sequence[_Waiting], holder: str) -> Iterator[dict[str, Any]]:
    with ThreadPoolExecutor(AT_ONCE, "document-reader") as threads:
        yield from threads.map(lambda one: _read(files, one, holder), waiting)


def _read(files: FileStore, one: _Waiting, holder: str) -> dict[str, Any]:
    try:
        data = files.read(one.sha256, one.scope)
    except (FileMissing, FileCorrupt):
        return _unreadable(one)
    return shared().extract(data, one.name, holder)


def _unreadable(one: _Waiting) -> dict[str, Any]:
    reason = {"code": "file_missing", "message": "the stored file is missing or was modified"}
    head = {
        "file": one.name,
        "sha256": one.sha256,
        "mediaType": "application/octet-stream",
        "pages": 0,
        "kind": "other",
    }
    parts: dict[str, Any] = {"fields": [], "groups": [], "rows": [], "provenance": {}}
    return {**head, "status": "needs_review", "reasons": [reason], **parts}


def abandon(work: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Send the documents that the job has not read to manual review."""
    for row in _unread(work, payload, ("received", "processing")):
        row.state, row.reasons = "needs_review", [NOT_READ]


def restore(work: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Let the documents that the job has not read wait for it again."""
    for row in _unread(work, payload, ("needs_review",)):
        if row.reasons == [NOT_READ]:
            row.state, row.reasons = "received", []


def _unread(work: UnitOfWork, payload: Mapping[str, Any], states: Sequence[str]) -> Sequence[Document]:
    return work.session.scalars(
        select(Document).where(Document.id.in_(payload["documents"]), Document.state.in_(states))
    ).all()
