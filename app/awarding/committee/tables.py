"""Table of committees: the newest of a tender is the current one; rows are never overwritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson
from app.platform.database.types import UtcDateTime


class Committee(Owned, Identified, Base):
    """Members with their seats and declared ties; encrypted because it names persons."""

    __tablename__ = "committee"
    TRAIL = Bound()
    __table_args__ = (UniqueConstraint("tender_id", "number"),)
    ID_PREFIX = "com"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    number: Mapped[int] = mapped_column(Integer)
    members_sealed: Mapped[Any] = mapped_column("members", Sealed("committee.members"))
    recorded_by: Mapped[str] = mapped_column(ID)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its first score sheet was recorded
    members = SealedJson("members_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the tender's scope."""
        return scope_of(self.tender_id)
