"""Which versions of a bidder's dossier count in a tender (财政部令第87号 第三十三条、第五十一条)."""

from app.bidders.dossiers.as_of import Deadline, dossier_as_of
from app.bidders.organizations.registry import visible as organization_of
from app.core.procedure.deadlines import day_in_china
from app.examination.dossiers.admission import admitted_parts
from app.examination.dossiers.schemas import DossierAtDeadlineOut, DossierPartOut
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.practice import real_deadline, time_of
from app.tendering.tenders.service import visible


def shown(work: UnitOfWork, tender_id: str, organization_id: str) -> DossierAtDeadlineOut:
    """Return all versions, late ones marked; a bidder sees its own dossier only."""
    tender = visible(work, tender_id)
    organization = organization_of(work, organization_id)
    clarified = admitted_parts(work, tender_id).get(organization_id, frozenset())
    deadline = Deadline(real_deadline(tender), day_in_china(tender.bid_deadline or time_of(work, tender)), clarified)
    found = dossier_as_of(work, organization.id, deadline, with_records=False)
    return DossierAtDeadlineOut(
        tender_id=tender_id,
        organization_id=organization_id,
        bid_deadline=tender.bid_deadline,
        parts=[DossierPartOut.of(one) for one in found.versions],
    )
