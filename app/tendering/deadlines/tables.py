"""Announced years and running periods as rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.deadlines import Clock
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, UtcDateTime


class CalendarYear(Identified, Base):
    """One year as the State Council announced it; the newest row of a year applies, and rows are never overwritten."""

    __tablename__ = "calendar_year"
    TRAIL = Bound(None)
    ID_PREFIX = "cal"

    year: Mapped[int] = mapped_column(Integer, index=True)
    holidays: Mapped[Any] = mapped_column(CanonicalJson)
    made_up: Mapped[Any] = mapped_column(CanonicalJson)
    source: Mapped[str] = mapped_column(String(400))  # the notice: its number
    recorded_by: Mapped[str] = mapped_column(ID)


class RunningClock(Identified, Versioned, Base):
    """A period of a tender; `provisional` until the calendar of every year it spans is announced."""

    __tablename__ = "running_clock"
    TRAIL = Bound()
    __table_args__ = (CheckConstraint(f"clock IN {tuple(clock.value for clock in Clock)}", name="clock"),)
    ID_PREFIX = "clk"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    clock: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(80), index=True)
    organization_id: Mapped[str | None] = mapped_column(ID)  # the bidder that the period concerns; None: all bidders
    started_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(Boolean)
    days: Mapped[int | None] = mapped_column(Integer)  # if they differ from the statutory number
    met_on: Mapped[date | None] = mapped_column(Date)
