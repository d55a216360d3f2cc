"""What reviews need to know of qualifications: which cite a review, and who decided by a screening."""

from sqlalchemy import select

from app.examination.qualifications.tables import QualificationRow
from app.platform.unit_of_work import UnitOfWork


def qualifications_citing(work: UnitOfWork, review_id: str) -> tuple[str, ...]:
    """Return the qualifications that cite a review, oldest first."""
    query = select(QualificationRow.id).where(QualificationRow.review_id == review_id).order_by(QualificationRow.id)
    return tuple(work.session.scalars(query))


def deciders(work: UnitOfWork, screening_id: str) -> frozenset[str]:
    """Return the users who decided on the basis of a screening."""
    query = select(QualificationRow.decided_by).where(QualificationRow.screening_id == screening_id)
    return frozenset(one for one in work.session.scalars(query) if one is not None)
