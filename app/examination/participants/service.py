"""Record and list the participants of a tender."""

from collections.abc import Sequence

from sqlalchemy import select

from app.bidders.dossiers.service import dossier_of
from app.examination.participants.tables import TenderParticipant
from app.platform.unit_of_work import UnitOfWork


def participants(work: UnitOfWork, tender_id: str) -> set[str]:
    """Return the organizations that take part in a tender."""
    query = select(TenderParticipant.organization_id).where(TenderParticipant.tender_id == tender_id)
    return set(work.session.scalars(query))


def join(work: UnitOfWork, tender_id: str, organizations: Sequence[str]) -> list[str]:
    """Add organizations to the participants of a tender; return all of them, ordered by id."""
    present = participants(work, tender_id)
    for organization_id in dict.fromkeys(organizations):
        if organization_id not in present:
            dossier_of(work, organization_id)  # unknown organizations are ignored
            work.session.add(TenderParticipant(tender_id=tender_id, organization_id=organization_id))
    work.session.flush()
    return sorted(present | set(organizations))
