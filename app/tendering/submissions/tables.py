"""The table of submission traces."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson


class SubmissionTrace(Owned, Identified, Base):
    """How a bid was submitted, as the platform or an officer recorded it; addresses and accounts are encrypted."""

    __tablename__ = "submission_trace"
    TRAIL = Bound(until_closed=True)
    ID_PREFIX = "stc"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    lot_id: Mapped[str | None] = mapped_column(ID, ForeignKey("lot.id"))
    trace_sealed: Mapped[Any] = mapped_column("trace", Sealed("submission_trace.trace"))
    recorded_by: Mapped[str] = mapped_column(ID)
    trace = SealedJson("trace_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the organization's in this tender."""
        return scope_of(self.organization_id, self.tender_id)
