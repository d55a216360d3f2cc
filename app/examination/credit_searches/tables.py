"""The table of credit searches."""

from datetime import date
from typing import Any

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson


class CreditQuery(Identified, Base):
    """A search recorded in a tender (财库〔2016〕125号): time, organizations, answers, snapshots."""

    __tablename__ = "credit_query"
    TRAIL = Bound()
    ID_PREFIX = "cqr"

    tender_id: Mapped[str] = mapped_column(ID, index=True)
    as_of: Mapped[date] = mapped_column(Date)
    query: Mapped[Any] = mapped_column(CanonicalJson)
    answer: Mapped[Any] = mapped_column(CanonicalJson)
    principal_id: Mapped[str] = mapped_column(ID)
