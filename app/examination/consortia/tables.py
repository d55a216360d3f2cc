"""Consortia as rows."""

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson


class Consortium(Identified, Base):
    """The members of one bid for one lot, the lead among them; `agreement` names the agreement (联合体协议)."""

    __tablename__ = "consortium"
    TRAIL = Bound()
    __table_args__ = (UniqueConstraint("lot_id", "lead_id"),)
    ID_PREFIX = "cns"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    lead_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    members: Mapped[Any] = mapped_column(CanonicalJson)
    agreement: Mapped[str] = mapped_column(String(400))
