"""The table of submission traces."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson


class TraceSource(StrEnum):
    """Who recorded a trace: the service itself with an envelope, an officer, or a program."""

    ENVELOPE = "envelope"
    OFFICER = "officer"
    PROGRAM = "program"


class SubmissionTrace(Owned, Identified, Base):
    """How a bid was submitted; addresses and accounts are encrypted.

    The trace of a program counts once an officer confirms it.
    """

    __tablename__ = "submission_trace"
    TRAIL = Bound(until_closed=True)
    __table_args__ = (CheckConstraint(f"source IN {tuple(one.value for one in TraceSource)}", name="source"),)
    ID_PREFIX = "stc"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    lot_id: Mapped[str | None] = mapped_column(ID, ForeignKey("lot.id"))
    trace_sealed: Mapped[Any] = mapped_column("trace", Sealed("submission_trace.trace"))
    source: Mapped[str] = mapped_column(String(10))
    recorded_by: Mapped[str] = mapped_column(ID)
    reason: Mapped[str | None] = mapped_column(String(2000))  # an officer's, who recorded or confirmed it
    confirmed_by: Mapped[str | None] = mapped_column(ID)
    trace = SealedJson("trace_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the organization's in this tender."""
        return scope_of(self.organization_id, self.tender_id)
