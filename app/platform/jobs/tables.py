"""The job table: the source of truth about background work."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.audit.quiet import OwnChain
from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Unbound
from app.platform.database.types import CanonicalJson, EncryptedJson, UtcDateTime

STATES = ("queued", "running", "succeeded", "failed", "dead", "cancelled")
LIVE = ("queued", "running")
REPEATABLE = ("failed", "dead", "cancelled")


class Job(OwnChain, Identified, Base):
    """A job; `checkpoint` comes from the last committed chunk, where a job that is taken over resumes.

    `failed`: its input or its object refuses it, a repetition would too. `dead`: passing failures without progress, as
    often as the settings allow. Both, and a cancelled one, can be queued again.
    """

    __tablename__ = "job"
    TRAIL = Unbound("working state; its results are bound")
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(None, "state", "created_at"),
    )
    ID_PREFIX = "job"

    kind: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20), default="queued")
    priority: Mapped[int] = mapped_column(Integer, default=0)  # the highest first
    duty: Mapped[str | None] = mapped_column(String(100), unique=True)  # of a daily job: kind and day, queued once
    payload: Mapped[Any] = mapped_column(EncryptedJson("job.payload"))
    checkpoint: Mapped[Any] = mapped_column(EncryptedJson("job.checkpoint"))
    result: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    error_code: Mapped[str | None] = mapped_column(String(80))
    error_detail: Mapped[str | None] = mapped_column(String(1000))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    failures: Mapped[int] = mapped_column(Integer, default=0)  # passing ones since the last progress
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not leased before
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    principal_id: Mapped[str] = mapped_column(ID)
    principal_role: Mapped[str] = mapped_column(String(20))
    organization_id: Mapped[str | None] = mapped_column(ID)
    tender_id: Mapped[str | None] = mapped_column(ID)
    request_id: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
