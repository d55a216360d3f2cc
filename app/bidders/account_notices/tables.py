"""The table of account notices; rows are never changed, so whoever resets a login cannot clear the notice of it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.audit.quiet import OwnChain
from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound


class AccountNotice(OwnChain, Identified, Base):
    """A notice to one account, to every account of an organization, or to every account of a role."""

    __tablename__ = "account_notice"
    TRAIL = Bound("trail_chain")
    ID_PREFIX = "acn"

    kind: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str | None] = mapped_column(ID, index=True)
    organization_id: Mapped[str | None] = mapped_column(ID, index=True)
    role: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(ID)  # the account or the key
    subject_name: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(ID)
