"""The table of admitted late parts."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound


class AdmittedPart(Identified, Base):
    """A late document or version that counts in a tender, and the clarification that admits it; never changed."""

    __tablename__ = "admitted_part"
    TRAIL = Bound()
    ID_PREFIX = "adm"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    part: Mapped[str] = mapped_column(ID)  # of a document, or of a version of roster, registration or particulars
    clarification_id: Mapped[str] = mapped_column(ID)
