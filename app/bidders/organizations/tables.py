"""Tables of organizations 机构, their identities and registrations; versions are never overwritten."""

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform.audit.quiet import OwnChain
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson


class Organization(Identified, Versioned, Base):
    """An agency. `uscc` holds only a valid unified social credit code, normalised; the given one is stored too."""

    __tablename__ = "organization"
    TRAIL = Bound(
        None,
        beside=dict.fromkeys(
            ("registration_version", "particulars_version", "roster_version", "version"),
            "counts the versions of the parts, which are bound each on its own",
        ),
    )
    ID_PREFIX = "org"

    name: Mapped[str] = mapped_column(String(400))
    identifier_scheme: Mapped[str | None] = mapped_column(String(64))
    identifier: Mapped[str | None] = mapped_column(String(64))
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    # The latest version of each part, kept here so that the organization's ETag changes with every part.
    registration_version: Mapped[int] = mapped_column(Integer, default=0)
    particulars_version: Mapped[int] = mapped_column(Integer, default=0)
    roster_version: Mapped[int] = mapped_column(Integer, default=0)


class Identity(Identified, Base):
    """One version of name and identifier, so that a bidder's name at a deadline can be read later."""

    __tablename__ = "organization_identity"
    TRAIL = Bound(None)
    ID_PREFIX = "idn"

    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(400))
    identifier_scheme: Mapped[str | None] = mapped_column(String(64))
    identifier: Mapped[str | None] = mapped_column(String(64))
    recorded_by: Mapped[str] = mapped_column(ID)


class Registration(OwnChain, Owned, Identified, Base):
    """One version of the registration 登记 (DESIGN 5.1, `registration`), in effect from a day on."""

    __tablename__ = "registration"
    TRAIL = Bound("trail_chain")
    __table_args__ = (UniqueConstraint("organization_id", "number"),)
    ID_PREFIX = "reg"

    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    effective_on: Mapped[date | None] = mapped_column(Date)  # None: in effect for all earlier days
    registration_sealed: Mapped[Any] = mapped_column("registration", Sealed("registration.registration"))
    reason: Mapped[str | None] = mapped_column(String(2000))
    recorded_by: Mapped[str] = mapped_column(ID)
    registration = SealedJson("registration_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the organization's scope."""
        return scope_of(self.organization_id)
