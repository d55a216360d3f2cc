"""Tenders 招标项目 and their lots 采购单元. They contain everything frozen at publication, with its hash."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.tender_state import LotState, TenderState
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, Money, UtcDateTime


class Tender(Identified, Versioned, Base):
    """A tender: policy document, scoring scheme, award rule and state."""

    __tablename__ = "tender"
    TRAIL = Bound("id")
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(state.value for state in TenderState)}", name="state"),
        CheckConstraint("assurance IN ('declared', 'documented')", name="assurance"),
    )
    ID_PREFIX = "ten"

    title: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(30), default=TenderState.DRAFT.value)
    state_reason: Mapped[str | None] = mapped_column(String(2000))
    policy_id: Mapped[str] = mapped_column(String(64))
    policy_version: Mapped[str] = mapped_column(String(400))
    policy_sha256: Mapped[str] = mapped_column(String(64))
    policy_document: Mapped[Any] = mapped_column(CanonicalJson)  # as hashed, with its `tender` part
    ceiling: Mapped[Decimal] = mapped_column(Money)  # the default for lots without their own
    scheme: Mapped[Any] = mapped_column(CanonicalJson)  # app.tendering.policies.schema.SchemePart on the wire
    award: Mapped[Any] = mapped_column(
        CanonicalJson
    )  # app.tendering.policies.schema.AwardPart on the wire; lots by their keys
    plan: Mapped[Any] = mapped_column(CanonicalJson)  # parties, fund, schedule on the wire; each null where not said
    assurance: Mapped[str] = mapped_column(String(20), default="documented")
    bid_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opening_key: Mapped[str | None] = mapped_column(String(80))  # age public key: bids are sealed; None: on paper
    opening_key_sha256: Mapped[str | None] = mapped_column(String(64))  # of the whole ceremony, stated outside
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    practice_advances: Mapped[Any] = mapped_column(CanonicalJson, default=list)  # of a practice tender: [real, shown]
    terms_sha256: Mapped[str | None] = mapped_column(String(64))  # of everything frozen at publication


class Lot(Identified, Base):
    """A lot 采购单元 of a tender; `key` is its id in the policy and in the award rule, such as lot-1."""

    __tablename__ = "lot"
    TRAIL = Bound()
    __table_args__ = (
        UniqueConstraint("tender_id", "key"),
        CheckConstraint(f"state IN {tuple(state.value for state in LotState)}", name="state"),
    )
    ID_PREFIX = "lot"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(400))
    district: Mapped[str] = mapped_column(String(400))
    value: Mapped[Decimal] = mapped_column(Money)
    ceiling: Mapped[Decimal] = mapped_column(Money)
    state: Mapped[str] = mapped_column(String(20), default=LotState.PLANNED.value)
