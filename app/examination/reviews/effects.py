"""The consequences of a review: the screenings and qualifications that cite it."""

from dataclasses import dataclass

from app.examination.qualifications.citations import qualifications_citing
from app.examination.screening.proposals import screenings_citing
from app.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Effects:
    """Ids of screenings and qualifications, oldest first."""

    screenings: tuple[str, ...]
    qualifications: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return the ids of both."""
        return self.screenings + self.qualifications


def effects_of(work: UnitOfWork, review_id: str) -> Effects:
    """Return what cites a review."""
    return Effects(screenings_citing(work, review_id), qualifications_citing(work, review_id))
