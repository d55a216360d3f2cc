"""Screenings as rows: written once, never changed; the input is encrypted, the policy is kept in full."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from app.core.eligibility.screening import Assurance
from app.core.facts.outcome import Verdict
from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound, Unbound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson
from app.platform.database.types import CanonicalJson


class ScreeningPolicy(Base):
    """A policy document by its hash, kept for the screenings judged by it."""

    __tablename__ = "screening_policy"
    TRAIL = Bound(None)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    document: Mapped[Any] = mapped_column(CanonicalJson)


class ScreeningBatch(Owned, Identified, Base):
    """Dossiers submitted together, kept until the job has screened them; they are cross-checked with one another."""

    __tablename__ = "screening_batch"
    TRAIL = Unbound("input of a job; the screenings contain it")
    ID_PREFIX = "sbt"

    inputs_sealed: Mapped[Any] = mapped_column("inputs", Sealed("screening_batch.inputs"))
    inputs = SealedJson("inputs_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the batch's own scope: its screenings use it too, except those of a registered organization."""
        return scope_of(self.id)


class ScreeningRun(Owned, Identified, Base):
    """One screening; `result` is the result line, byte for byte."""

    __tablename__ = "screening"
    TRAIL = Bound()
    __table_args__ = (
        CheckConstraint(f"verdict IN {tuple(verdict.value for verdict in Verdict)}", name="verdict"),
        CheckConstraint(f"assurance IN {tuple(assurance.value for assurance in Assurance)}", name="assurance"),
        UniqueConstraint("batch_id", "batch_position"),
        Index("ix_screening_tender_organization", "tender_id", "organization_id", "id"),
    )
    ID_PREFIX = "scr"

    tender_id: Mapped[str | None] = mapped_column(ID)
    organization_id: Mapped[str | None] = mapped_column(ID, index=True)
    batch_id: Mapped[str | None] = mapped_column(ID)
    batch_position: Mapped[int | None] = mapped_column(Integer)
    name: Mapped[str | None] = mapped_column(String(400))
    policy_id: Mapped[str] = mapped_column(String(64))
    policy_sha256: Mapped[str] = mapped_column(String(64), ForeignKey(ScreeningPolicy.sha256))
    as_of: Mapped[date] = mapped_column(Date)
    assurance: Mapped[str] = mapped_column(String(12))
    verdict: Mapped[str] = mapped_column(String(12))
    score: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    engine_version: Mapped[str] = mapped_column(String(20))
    input_hash: Mapped[str] = mapped_column(String(64))
    result_hash: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[str] = mapped_column(ID)
    review_id: Mapped[str | None] = mapped_column(ID, index=True)  # the review that led to this screening
    inputs_sealed: Mapped[Any] = deferred(mapped_column("inputs", Sealed("screening.inputs")))
    result: Mapped[str] = deferred(mapped_column(Text))
    inputs = SealedJson("inputs_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the organization's scope in this tender; for a dossier sent with the request, the batch's or its own."""
        return scope_of(self.organization_id or self.batch_id or self.id, self.tender_id)
