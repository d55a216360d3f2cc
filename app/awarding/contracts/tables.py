"""Contracts, milestones, changes and proposals as rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.contract import Consequence, ContractState, Milestone
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, Money, UtcDateTime

_STANDS = text("state NOT IN ('cancelled', 'terminated')")
PROPOSAL_STATES = ("open", "accepted", "dismissed")


class Contract(Identified, Versioned, Base):
    """The contract for one lot; `promise` is the scope that a change must not reduce (core/contract.Promise)."""

    __tablename__ = "contract"
    TRAIL = Bound()
    __table_args__ = (
        Index("uq_contract_standing", "lot_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        CheckConstraint(f"state IN {tuple(state.value for state in ContractState)}", name="state"),
        CheckConstraint("state <> 'active' OR signed_on IS NOT NULL", name="active_is_signed"),
    )
    ID_PREFIX = "con"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    award_id: Mapped[str] = mapped_column(ID, ForeignKey("award.id"))
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    price: Mapped[Decimal] = mapped_column(Money)
    state: Mapped[str] = mapped_column(String(12), default=ContractState.PENDING.value)
    reason: Mapped[str | None] = mapped_column(String(2000))
    signed_on: Mapped[date | None] = mapped_column(Date)
    promise: Mapped[Any] = mapped_column(CanonicalJson)


class ContractMilestone(Identified, Versioned, Base):
    """An obligation that is due on a day."""

    __tablename__ = "contract_milestone"
    TRAIL = Bound("contract_id>tender_id")
    __table_args__ = (
        UniqueConstraint("contract_id", "milestone"),
        CheckConstraint(f"milestone IN {tuple(one.value for one in Milestone)}", name="milestone"),
    )
    ID_PREFIX = "mil"

    contract_id: Mapped[str] = mapped_column(ID, ForeignKey("contract.id"))
    milestone: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date] = mapped_column(Date)
    reached_on: Mapped[date | None] = mapped_column(Date)
    evidence: Mapped[str | None] = mapped_column(String(400))  # the evidence: a document's id, a record's number


class ContractChange(Identified, Base):
    """A change of content within the plan's limits, with the approvals it rests on; never overwritten."""

    __tablename__ = "contract_change"
    TRAIL = Bound("contract_id>tender_id")
    ID_PREFIX = "cch"

    contract_id: Mapped[str] = mapped_column(ID, ForeignKey("contract.id"), index=True)
    before: Mapped[Any] = mapped_column(CanonicalJson)
    after: Mapped[Any] = mapped_column(CanonicalJson)
    district_approval: Mapped[str] = mapped_column(String(200))
    city_approval: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(2000))
    recorded_by: Mapped[str] = mapped_column(ID)


class LatenessProposal(Identified, Versioned, Base):
    """A proposed consequence of a delay; an officer accepts or dismisses it. Barring requires `finance_decision`."""

    __tablename__ = "lateness_proposal"
    TRAIL = Bound("contract_id>tender_id")
    __table_args__ = (
        UniqueConstraint("milestone_id", "consequence"),
        CheckConstraint(f"consequence IN {tuple(one.value for one in Consequence)}", name="consequence"),
        CheckConstraint(f"state IN {PROPOSAL_STATES}", name="state"),
        CheckConstraint("state = 'open' OR decided_by IS NOT NULL", name="decided_by_somebody"),
    )
    ID_PREFIX = "lat"

    contract_id: Mapped[str] = mapped_column(ID, ForeignKey("contract.id"), index=True)
    milestone_id: Mapped[str] = mapped_column(ID, ForeignKey("contract_milestone.id"))
    organization_id: Mapped[str] = mapped_column(ID)
    consequence: Mapped[str] = mapped_column(String(30))
    days_late: Mapped[int] = mapped_column(Integer)
    computed_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str | None] = mapped_column(String(2000))
    decided_by: Mapped[str | None] = mapped_column(ID)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finance_decision: Mapped[str | None] = mapped_column(String(200))
    barred_from: Mapped[date | None] = mapped_column(Date)
    barred_to: Mapped[date | None] = mapped_column(Date)
