"""Consortia as rows: who leads, who is named, and who consented."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, UtcDateTime


class Consortium(Identified, Base):
    """The members of one bid for one lot, the lead among them; `agreement` names the agreement (联合体协议)."""

    __tablename__ = "consortium"
    TRAIL = Bound(until_closed=True)
    __table_args__ = (UniqueConstraint("lot_id", "lead_id"),)
    ID_PREFIX = "cns"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    lead_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    members: Mapped[Any] = mapped_column(CanonicalJson)
    agreement: Mapped[str] = mapped_column(String(400))


class ConsortiumMember(Identified, Base):
    """A member and its consent: the account that gave it (the lead's key or login at the declaration), and when."""

    __tablename__ = "consortium_member"
    TRAIL = Bound(until_closed=True)
    __table_args__ = (UniqueConstraint("consortium_id", "organization_id"),)
    ID_PREFIX = "cnm"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    consortium_id: Mapped[str] = mapped_column(ID, ForeignKey("consortium.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"), index=True)
    consented_by: Mapped[str | None] = mapped_column(ID)
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
