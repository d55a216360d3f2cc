"""API keys: the public prefix and a hash are stored, the secret is not."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.access.roles import Role
from app.platform.audit.quiet import OwnChain
from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Unbound
from app.platform.database.types import CanonicalJson, UtcDateTime


class ApiKey(OwnChain, Identified, Base):
    """A key of one role: a bidder's is bound to its organization, an evaluator's to lots, a client's to scopes."""

    __tablename__ = "api_key"
    TRAIL = Unbound("access, not a decision; each change has its event")
    __table_args__ = (
        CheckConstraint(f"role IN {tuple(role.value for role in Role)}", name="role"),
        CheckConstraint("(role = 'bidder') = (organization_id IS NOT NULL)", name="bidder_has_organization"),
    )
    ID_PREFIX = "key"

    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(20))
    organization_id: Mapped[str | None] = mapped_column(ID)
    lots: Mapped[Any] = mapped_column(CanonicalJson)
    scopes: Mapped[Any] = mapped_column(CanonicalJson)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(ID)
