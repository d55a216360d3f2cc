"""Accounts, sessions, recovery codes, failed attempts; secrets are hashed or encrypted."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.access.roles import Role
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Unbound
from app.platform.database.sensitive import Sensitive
from app.platform.database.types import CanonicalJson, EncryptedText, UtcDateTime

PERSONS = tuple(role.value for role in Role if role is not Role.CLIENT)


class User(Identified, Versioned, Base):
    """An account of one role. `password_until`: expiry of an initial password, which must be changed before then."""

    __tablename__ = "user_account"
    TRAIL = Unbound("access, not a decision; each change has its event")
    __table_args__ = (
        CheckConstraint(f"role IN {PERSONS}", name="role"),
        CheckConstraint("(role = 'bidder') = (organization_id IS NOT NULL)", name="bidder_has_organization"),
    )
    ID_PREFIX = "usr"

    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    organization_id: Mapped[str | None] = mapped_column(ID)
    lots: Mapped[Any] = mapped_column(CanonicalJson)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[Sensitive | None] = mapped_column(EncryptedText("user_account.totp_secret"))
    totp_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(ID)


class UserSession(Identified, Base):
    """An active session; ended sessions are deleted."""

    __tablename__ = "user_session"
    TRAIL = Unbound("access, not a decision")
    __table_args__ = (Index(None, "user_id"),)
    ID_PREFIX = "ses"

    user_id: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    network_address: Mapped[str | None] = mapped_column(String(64))
    client: Mapped[str | None] = mapped_column(String(400))


class RecoveryCode(Base):
    """A recovery code for a lost second factor; deleted when used."""

    __tablename__ = "recovery_code"
    TRAIL = Unbound("access, not a decision")

    user_id: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class Attempts(Base):
    """Login attempts for a name, known or not, since the last success."""

    __tablename__ = "login_attempts"
    TRAIL = Unbound("access, not a decision")

    login_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locks: Mapped[int] = mapped_column(Integer, default=0)
