"""What was done because of a review: the screenings and qualifications that cite it."""

from dataclasses import dataclass

from app.examination.qualifications.citations import qualifications_citing
from app.examination.screening.proposals import screenings_citing
from app.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Effects:
    """Ids, oldest first."""

    screenings: tuple[str, ...]
    qualifications: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both."""
        return self.screenings + self.qualifications


def effects_of(work: UnitOfWork, review_id: str) -> Effects:
    """What cites a review."""
    return Effects(screenings_citing(work, review_id), qualifications_citing(work, review_id))
