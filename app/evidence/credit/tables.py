"""Snapshots of credit lists, judgements, and the records of queries."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, UtcDateTime

STATES = ("importing", "ready", "failed", "withdrawn")
JUDGEMENTS = ("same", "different", "unsure")


class CreditSnapshot(Identified, Base):
    """A list as of a day. Its content never changes, only its state: importing, then ready or failed, then withdrawn.

    `accepted_lines` are the lost rows that an officer has checked; with all of them accepted the snapshot is complete.
    """

    __tablename__ = "credit_snapshot"
    TRAIL = Bound(None)
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(None, "list_name", "retrieved_on"),
    )
    ID_PREFIX = "csn"

    list_name: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    retrieved_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str | None] = mapped_column(String(2000))
    coverage: Mapped[str | None] = mapped_column(String(2000))
    mapping: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    sha256: Mapped[str] = mapped_column(String(64))  # of the original file; its bytes are in the file store
    size: Mapped[int] = mapped_column(Integer)
    importer_version: Mapped[str] = mapped_column(String(40))
    content_sha256: Mapped[str | None] = mapped_column(String(64))  # of the imported files
    rows: Mapped[int | None] = mapped_column(Integer)
    bad_rows: Mapped[int | None] = mapped_column(Integer)
    unread_rows: Mapped[int | None] = mapped_column(Integer)
    accepted_lines: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    withdrawn_reason: Mapped[str | None] = mapped_column(String(2000))
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    job_id: Mapped[str | None] = mapped_column(ID)
    fault: Mapped[str | None] = mapped_column(String(2000))


class CreditJudgement(Identified, Base):
    """A reviewer's judgement on an organization and an entry; a later one on the same pair supersedes it, none is changed."""

    __tablename__ = "credit_judgement"
    TRAIL = Bound(None)
    __table_args__ = (
        CheckConstraint(f"judgement IN {JUDGEMENTS}", name="judgement"),
        Index(None, "organization_key", "entry_key"),
    )
    ID_PREFIX = "jdg"

    organization_key: Mapped[str] = mapped_column(String(240))
    organization_name: Mapped[str | None] = mapped_column(String(200))
    organization_code: Mapped[str | None] = mapped_column(String(64))
    entry_key: Mapped[str] = mapped_column(String(64))
    list_name: Mapped[str] = mapped_column(String(64))
    snapshot_id: Mapped[str] = mapped_column(ID, ForeignKey("credit_snapshot.id"))
    entry_id: Mapped[str] = mapped_column(String(20))
    entry: Mapped[Any] = mapped_column(CanonicalJson)
    judgement: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(2000))
    person: Mapped[str] = mapped_column(String(200))
    principal_id: Mapped[str] = mapped_column(ID)
    supersedes_id: Mapped[str | None] = mapped_column(ID)
