"""Which versions of a bidder's dossier count in a tender (财政部令第87号 第三十三条、第五十一条)."""

from app.bidders.dossiers.as_of import Deadline, dossier_as_of
from app.bidders.organizations.registry import visible as organization_of
from app.core.procedure.deadlines import day_in_china
from app.examination.dossiers.admission import admitted_parts
from app.examination.dossiers.schemas import DossierAtDeadlineOut, DossierPartOut
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.service import visible


def shown(work: UnitOfWork, tender_id: str, organization_id: str) -> DossierAtDeadlineOut:
    """Return all versions, late ones marked; a bidder sees its own dossier only."""
    line = visible(work, tender_id).bid_deadline
    organization = organization_of(work, organization_id)
    clarified = admitted_parts(work, tender_id).get(organization_id, frozenset())
    deadline = Deadline(line, day_in_china(line or work.now), clarified)
    found = dossier_as_of(work, organization.id, deadline, with_records=False)
    return DossierAtDeadlineOut(
        tender_id=tender_id,
        organization_id=organization_id,
        bid_deadline=line,
        parts=[DossierPartOut.of(one) for one in found.versions],
    )
