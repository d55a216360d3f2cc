"""Schemas of a bidder's dossier within a tender."""

from datetime import datetime
from typing import Self

from app.bidders.dossiers.as_of import DossierVersion, PartKind
from app.core.procedure.at_deadline import Arrival
from app.platform.web.schema import OfTender, Output


class DossierPartOut(Output):
    """A recorded version of a part. `late`: it arrived after the deadline and no clarification admits it.

    `taken`: a screening reads this version. `correctedAt`: its extraction was corrected after the deadline.
    """

    kind: PartKind
    id: str
    recorded_at: datetime
    arrival: Arrival
    late: bool
    taken: bool
    corrected_at: datetime | None

    @classmethod
    def of(cls, part: DossierVersion) -> Self:
        """Build from its value."""
        return cls(
            kind=part.kind,
            id=part.id,
            recorded_at=part.recorded_at,
            arrival=part.arrival,
            late=part.arrival is Arrival.LATE,
            taken=part.taken,
            corrected_at=part.corrected_at,
        )


class DossierAtDeadlineOut(OfTender):
    """Every version of a bidder's dossier with its arrival; without a deadline everything is in time."""

    tender_id: str
    organization_id: str
    bid_deadline: datetime | None
    parts: list[DossierPartOut]
