"""The open review that a new screening or qualification may cite: same organization, same tender."""

from app.core.procedure.review import OPEN, ReviewState
from app.examination.reviews.tables import Review
from app.platform.problems import Fault, Invalid
from app.platform.unit_of_work import UnitOfWork


def require_citable(work: UnitOfWork, review_id: str | None, tender_id: str, organization_id: str) -> None:
    """Raise Invalid unless the review is open and about that organization in that tender; None passes."""
    if review_id is None:
        return
    row = work.session.get(Review, review_id)
    about = row is not None and (row.tender_id, row.organization_id) == (tender_id, organization_id)
    if row is None or not about or ReviewState(row.state) not in OPEN:
        expected = "An open review of this organization in this tender is expected"
        raise Invalid(faults=[Fault("unknown_review", expected, "/review")])
