"""The table of particulars."""

from typing import Any

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform.audit.quiet import OwnChain
from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson


class Particulars(OwnChain, Owned, Identified, Base):
    """One version of a dossier's particulars: former names, representative, contacts, links, declarations, reports."""

    __tablename__ = "particulars"
    TRAIL = Bound("trail_chain")
    __table_args__ = (UniqueConstraint("organization_id", "number"),)
    ID_PREFIX = "par"

    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    particulars_sealed: Mapped[Any] = mapped_column("particulars", Sealed("particulars.particulars"))
    recorded_by: Mapped[str] = mapped_column(ID)
    particulars = SealedJson("particulars_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the organization's scope."""
        return scope_of(self.organization_id)
