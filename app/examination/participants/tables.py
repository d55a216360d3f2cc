"""The table of participants."""

from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base
from app.platform.database.bound import Bound


class TenderParticipant(Base):
    """An organization that has been screened within a tender: its roster is cross-checked with those of the others."""

    __tablename__ = "tender_participant"
    TRAIL = Bound()

    tender_id: Mapped[str] = mapped_column(ID, primary_key=True)
    organization_id: Mapped[str] = mapped_column(ID, primary_key=True)
