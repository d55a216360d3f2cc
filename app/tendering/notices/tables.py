"""Tables of notices and amendments; rows are never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, UtcDateTime


class Notice(Identified, Base):
    """A notice to all (`organization_id` null) or to one bidder."""

    __tablename__ = "notice"
    TRAIL = Bound()
    ID_PREFIX = "ntc"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    organization_id: Mapped[str | None] = mapped_column(ID, index=True)
    content: Mapped[Any] = mapped_column(CanonicalJson)


class Amendment(Identified, Base):
    """A new version of the documents 澄清或者修改: what changed, and the bid deadline before and after."""

    __tablename__ = "amendment"
    TRAIL = Bound()
    __table_args__ = (UniqueConstraint("tender_id", "number"),)
    ID_PREFIX = "amd"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(String(20_000))
    affects_bids: Mapped[bool] = mapped_column(Boolean)
    deadline_before: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_after: Mapped[datetime] = mapped_column(UtcDateTime)
    terms_sha256: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[str] = mapped_column(ID)
