"""Upload a roster file: store it, extract its lines in the sandbox, and add them as a new version."""

from fastapi import UploadFile

from app.bidders.documents import service as documents
from app.bidders.documents.quotas import require_room
from app.bidders.documents.schemas import DocumentOut
from app.bidders.organizations import registry
from app.bidders.rosters.schemas import RosterHead, RosterUploadOut
from app.bidders.rosters.service import add_record, columns_of
from app.evidence.reading.isolation.pool import shared
from app.platform.database.data_keys import scope_of
from app.platform.unit_of_work import UnitOfWork


def upload_roster(work: UnitOfWork, organization_id: str, file: UploadFile) -> RosterUploadOut:
    """Store the file as a document of the organization and add the roster that it contains.

    `roster` is None if no lines were found; the file is kept all the same. Errors: NotFound.
    """
    work.principal.require_organization(organization_id)
    require_room(work, [file])
    received = documents.received(work, file, organization_id)
    # The file is extracted before the first write, so that no transaction waits for the sandbox.
    data = work.files.read(received.stored.sha256, scope_of(organization_id))
    record = shared().extract(data, received.name, work.principal.organization_scope or work.principal.id)
    organization = registry.visible(work, organization_id)
    document = documents.add(work, [received], organization.id, "roster")[0]
    documents.store_reading(work, document, record)
    roster = add_record(work, organization, record, document.id)
    columns, warnings = columns_of(record)
    head = RosterHead.model_validate(roster) if roster else None
    return RosterUploadOut(document=DocumentOut.of(document), roster=head, columns=columns, warnings=warnings)
