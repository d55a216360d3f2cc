"""Clarifications as rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.clarification import About
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, UtcDateTime


class Clarification(Identified, Versioned, Base):
    """A question to one bidder about its bid, and the written answer with the source of each fact."""

    __tablename__ = "clarification"
    TRAIL = Bound()
    __table_args__ = (CheckConstraint(f"about IN {tuple(one.value for one in About)}", name="about"),)
    ID_PREFIX = "cla"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    bid_id: Mapped[str] = mapped_column(ID, ForeignKey("bid.id"))
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    about: Mapped[str] = mapped_column(String(12))
    requirement: Mapped[str | None] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(String(2000))
    due_on: Mapped[date] = mapped_column(Date)
    asked_by: Mapped[str] = mapped_column(ID)
    answer: Mapped[str | None] = mapped_column(String(20_000))
    facts: Mapped[Any | None] = mapped_column(CanonicalJson)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
