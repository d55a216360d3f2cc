"""Documents: stored regardless of type, extracted by jobs, corrected manually; each extraction is a version."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.bidders.confidential import visible_to
from app.bidders.documents.correction import corrected
from app.bidders.documents.quotas import file_quotas
from app.bidders.documents.schemas import CorrectionIn, DocumentChange
from app.bidders.documents.tables import Document, Extraction
from app.bidders.organizations import registry
from app.bidders.programs import require_proposal
from app.core.facts.located_numbers import numbers_located
from app.core.values.engine_version import ENGINE_VERSION
from app.platform.access.masking import masked_facts
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import is_erased, key_of
from app.platform.database.sensitive import Sensitive
from app.platform.files.store import StoredFile
from app.platform.problems import Conflict, Fault, Forbidden, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork

UNMASKED = frozenset({Role.OFFICER, Role.BIDDER})  # may unmask; a bidder finds its own documents only
LONGEST_NAME = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f/\\]")


class NotReadYet(Conflict):
    """The document is not extracted yet, so the ID numbers to mask and the values to correct are unknown."""

    code, title = "not_read_yet", "The document has not been read yet"


class NumbersNotLocated(Forbidden):
    """This page may show ID numbers that were not read; an officer can view it."""

    code, title = "numbers_not_located", "ID numbers on this page are not all located"


@dataclass(frozen=True, slots=True)
class Received:
    """An uploaded file: its stored bytes and its name."""

    stored: StoredFile
    name: str


def received(work: UnitOfWork, file: Any, organization_id: str | None) -> Received:
    """Store an uploaded file for an organization (default: the bidder's own). Call it before the first statement."""
    owner = organization_id or work.principal.organization_scope
    work.principal.require_organization(owner)
    if owner is not None:
        registry.require(work, owner)
    given = (file.filename or "").encode("utf-8", "replace").decode()
    return Received(work.files.put(file.file, scope=scope_of(owner)), _CONTROL.sub("_", given)[-LONGEST_NAME:])


def owner_of(work: UnitOfWork, organization_id: str | None) -> str | None:
    """Return the organization that owns an upload: the named one, or the bidder's own; None if there is neither."""
    owner = organization_id or work.principal.organization_scope
    work.principal.require_organization(owner)
    return None if owner is None else registry.visible(work, owner).id


def add(
    work: UnitOfWork, files: Iterable[Received], owner: str | None, kind: str | None, job: str | None = None
) -> list[Document]:
    """Add a row for each file; a duplicate file of the same organization refers to the first document.

    `job`: the id of the job that is going to read them; None: the caller reads them itself.
    """
    require_proposal(work, owner, "documents")
    rows = [_add(work, file, owner, kind, job) for file in files]
    for quota in file_quotas(work):
        quota.require()  # of several uploads at once, only those within the quota are kept
    return rows


def visible(work: UnitOfWork, document_id: str) -> Document:
    """Return the document; raise NotFound if it does not exist or belongs to another bidder."""
    row = work.get(Document, document_id)
    work.principal.require_organization(row.organization_id)
    if row.trail_chain is not None and not _seen(work, document_id):
        raise NotFound
    return row


def _seen(work: UnitOfWork, document_id: str) -> bool:
    query = select(Document.id).where(Document.id == document_id, visible_to(work, Document))
    return work.session.scalar(query) is not None


def listing(work: UnitOfWork, organization_id: str | None, kind: str | None, state: str | None) -> Select[Document]:
    """Select the documents that the principal may see, by organization, declared kind and state."""
    wanted = {
        Document.organization_id: work.principal.organization_scope or organization_id,
        Document.kind: kind,
        Document.state: state,
    }
    if organization_id is not None:
        work.principal.require_organization(organization_id)
    asked = (column == value for column, value in wanted.items() if value is not None)
    return select(Document).where(*asked, visible_to(work, Document))


def change(work: UnitOfWork, row: Document, body: DocumentChange) -> Document:
    """Change the kind or organization of a document."""
    require_proposal(work, row.organization_id, "documents")
    before = {"kind": row.kind, "organization": row.organization_id}
    if "kind" in body.model_fields_set:
        row.kind = body.kind
    if "organization_id" in body.model_fields_set:
        _hand_over(work, row, body.organization_id and registry.visible(work, body.organization_id).id)
    work.session.flush()
    after = {"kind": row.kind, "organization": row.organization_id}
    work.record(Event.CLIENT_DOCUMENT_CHANGE, subject=row.id, before=before, after=after)
    return row


def _hand_over(work: UnitOfWork, row: Document, owner: str | None) -> None:
    """Re-encrypt file, name and extractions with the new owner's data key; the old copy is erased with the old key."""
    if owner == row.organization_id:
        return
    require_proposal(work, owner, "documents")
    work.files.copy(row.sha256, row.scope, key_of(work.session, scope_of(owner)))
    row.organization_id, row.name = owner, row.name
    for reading in work.session.scalars(extractions(row.id)):
        reading.record = reading.record


def extractions(document_id: str) -> Select[Extraction]:
    """Select all extractions of a document."""
    return select(Extraction).where(Extraction.document_id == document_id)


def latest(work: UnitOfWork, document_id: str) -> Extraction:
    """Return the extraction in force, or raise NotReadYet."""
    row = work.session.scalar(extractions(document_id).order_by(Extraction.number.desc()).limit(1))
    if row is None:
        raise NotReadYet
    return row


def store_reading(work: UnitOfWork, row: Document, record: dict[str, Any]) -> Extraction:
    """Store an extraction as a new version; a manual correction stays in force until another one replaces it."""
    by_person = work.session.scalar(extractions(row.id).where(Extraction.source == "person").limit(1))
    extraction = _version(work, row, record, None)
    if by_person is not None:
        return extraction
    row.media_type, row.pages = record["mediaType"], record["pages"]
    _take_over(work, row, record)
    after = {"state": row.state, "kind": row.kind_found, "reasons": [reason["code"] for reason in record["reasons"]]}
    work.record(Event.WORKER_DOCUMENT_EXTRACT, subject=row.id, after=after)
    return extraction


def correct(work: UnitOfWork, row: Document, body: CorrectionIn) -> Extraction:
    """Store manual corrections of the latest extraction, with author and reason."""
    require_proposal(work, row.organization_id, "documents")
    before = latest(work, row.id)
    record = corrected(before.record, body)
    extraction = _version(work, row, record, body.reason)
    _take_over(work, row, record)
    after = {
        "number": extraction.number,
        "reason": body.reason,
        "fields": [f"{one.group}/{one.field}" for one in body.fields],
        "rows": [one.row for one in body.rows],
    }
    work.record(Event.OFFICER_EXTRACTION_CORRECT, subject=row.id, before={"number": before.number}, after=after)
    return extraction


def uploads_of(work: UnitOfWork, organization_id: str) -> Sequence[Row[str, str, datetime]]:
    """Return id, hash and upload time of an organization's documents, oldest first."""
    query = select(Document.id, Document.sha256, Document.created_at)
    query = query.where(Document.organization_id == organization_id, visible_to(work, Document))
    return work.session.execute(query.order_by(Document.created_at, Document.id)).all()


def first_uploads(work: UnitOfWork, document_ids: Collection[str]) -> dict[str, datetime]:
    """Return when the bytes of each of these documents were first uploaded for the same organization."""
    same = aliased(Document)
    query = (
        select(Document.id, func.min(same.created_at))
        .join(same, and_(same.sha256 == Document.sha256, same.organization_id == Document.organization_id))
        .where(Document.id.in_(document_ids))
        .group_by(Document.id)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


def corrections_since(work: UnitOfWork, document_ids: Iterable[str], instant: datetime | None) -> dict[str, datetime]:
    """Return the time of the last manual correction of each of these documents, if it was at `instant` or later."""
    if instant is None:
        return {}
    query = (
        select(Extraction.document_id, func.max(Extraction.created_at))
        .where(Extraction.document_id.in_(list(document_ids)), Extraction.source == "person")
        .where(Extraction.created_at >= instant)
        .group_by(Extraction.document_id)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


def records_of(work: UnitOfWork, organization_id: str, counted: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return the records (DESIGN 5.8, ID numbers in clear) that count as evidence for an organization, for the core
    only.

    `counted`: the ids of the documents that count; None counts all. One record per file: a manual correction before an
    extraction, else the latest. Rejected documents prove nothing.
    """
    query = (
        select(Extraction)
        .join(Document, Document.id == Extraction.document_id)
        .where(Document.organization_id == organization_id, visible_to(work, Document))
        .order_by(Extraction.created_at, Extraction.document_id, Extraction.number)
    )
    chosen: dict[str, Extraction] = {}
    for row in work.session.scalars(query):
        if is_erased(row.record_sealed) or (counted is not None and row.document_id not in counted):
            continue
        earlier = chosen.get(row.record["sha256"])
        if earlier is None or not (earlier.source == "person" and row.source == "machine"):
            chosen[row.record["sha256"]] = row
    return [{**row.record, "documentId": row.document_id} for row in chosen.values() if row.status != "rejected"]


def masks(record: dict[str, Any], page: int) -> Sequence[Sequence[float]]:
    """Return the boxes of ID numbers on a page: of the field, of the row's number, or else of the whole row."""
    fields = (one for one in record["fields"] if one["field"] == "residentId")
    rows = (one for row in record["rows"] for one in _number_places(row))
    return [one["box"] for one in (*fields, *rows) if one.get("box") and one.get("page") == page]


def _number_places(row: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """Return the places of a row's number; the row itself where a correction or an earlier reading has none."""
    return row.get("numberBoxes") or ([row] if row.get("residentId") else [])


def require_located(work: UnitOfWork, record: dict[str, Any], page: int) -> None:
    """Raise NumbersNotLocated if the page may show an ID number that is not blackened, to a role that may not see it."""
    if work.principal.role not in UNMASKED and not numbers_located(record, page):
        raise NumbersNotLocated


def _add(work: UnitOfWork, file: Received, owner: str | None, kind: str | None, job: str | None) -> Document:
    same = select(Document.id).where(Document.sha256 == file.stored.sha256, Document.organization_id == owner)
    same = same.where(visible_to(work, Document))
    row = Document(
        organization_id=owner,
        kind=kind,
        name=Sensitive(file.name),
        sha256=file.stored.sha256,
        size=file.stored.size,
        reasons=[],
        duplicate_of=work.session.scalar(same.order_by(Document.id).limit(1)),
        uploaded_by=work.principal.id,
        job_id=job,
        trail_chain=work.own_chain,
    )
    work.session.add(row)
    work.session.flush()
    after = {"sha256": row.sha256, "size": row.size, "kind": kind, "organization": owner}
    work.record(Event.CLIENT_DOCUMENT_UPLOAD, subject=row.id, after=after)
    return row


def _version(work: UnitOfWork, row: Document, record: dict[str, Any], reason: str | None) -> Extraction:
    number = work.session.scalar(
        select(Extraction.number).where(Extraction.document_id == row.id).order_by(Extraction.number.desc()).limit(1)
    )
    extraction = Extraction(
        document_id=row.id,
        number=(number or 0) + 1,
        source="machine" if reason is None else "person",
        author=work.principal.id,
        trail_chain=work.own_chain,
        reason=reason,
        kind=record["kind"],
        status=record["status"],
        engine_version=ENGINE_VERSION,
        record=record,
    )
    work.session.add(extraction)
    work.session.flush()
    return extraction


def _take_over(work: UnitOfWork, row: Document, record: dict[str, Any]) -> None:
    row.state, row.kind_found, row.reasons = record["status"], record["kind"], masked_facts(record["reasons"])
    work.session.flush()


def require_files(count: int, most: int) -> None:
    """Reject an upload without files, or with too many."""
    if not 1 <= count <= most:
        raise Invalid(faults=[Fault("file_count", f"1 to {most} files are expected", "/files")])
