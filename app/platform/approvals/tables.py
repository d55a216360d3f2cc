"""Table of approvals: each proposal with its request, what it would change, and the second person's answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.second_person import Act
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, EncryptedJson, UtcDateTime

STATES = ("pending", "agreed", "declined", "withdrawn")


class Approval(Identified, Versioned, Base):
    """A proposal. `request`: as it will be carried out, encrypted since it may name persons; without body
    where it is secret.

    `changes`: the events that the act would record, masked; `changes_sha256`: their hash without new ids and times.
    """

    __tablename__ = "approval"
    TRAIL = Bound()
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"act IN {tuple(act.value for act in Act)}", name="act"),
        Index(None, "state", "expires_at"),
    )
    ID_PREFIX = "apr"

    act: Mapped[str] = mapped_column(String(40))
    route: Mapped[str] = mapped_column(String(80))
    subject_id: Mapped[str] = mapped_column(ID)
    tender_id: Mapped[str | None] = mapped_column(ID)
    request: Mapped[Any] = mapped_column(EncryptedJson("approval.request"))
    request_sha256: Mapped[str] = mapped_column(String(64))
    changes: Mapped[Any] = mapped_column(EncryptedJson("approval.changes"))
    changes_sha256: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[str] = mapped_column(ID)
    proposer: Mapped[Any] = mapped_column(CanonicalJson)  # role and bindings, under which the act is carried out
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20), default="pending")
    answered_by: Mapped[str | None] = mapped_column(ID)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(2000))
