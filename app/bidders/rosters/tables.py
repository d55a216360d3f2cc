"""Tables of versioned rosters 花名册. ID numbers are encrypted; a keyed hash of each allows equality search."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform.audit.quiet import OwnChain
from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound, Unbound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson, SealedText
from app.platform.database.types import CanonicalJson, KeyedHash

LINE, RESIDENT = "roster_line.line", "roster_line.resident_id"  # associated data of the encrypted columns
RESIDENT_ID = "resident_id"  # purpose of the keyed hash: the same for all columns that are compared with each other


class RosterVersion(OwnChain, Identified, Base):
    """One roster of an organization; `problems` lists what could not be read in a file, by sheet and cell."""

    __tablename__ = "roster_version"
    TRAIL = Bound("trail_chain")
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        CheckConstraint("source IN ('json', 'file')", name="source"),
    )
    ID_PREFIX = "ros"

    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(10))
    document_id: Mapped[str | None] = mapped_column(ID, ForeignKey("document.id"))
    line_count: Mapped[int] = mapped_column(Integer)
    problems: Mapped[Any] = mapped_column(CanonicalJson)
    recorded_by: Mapped[str] = mapped_column(ID)


class RosterLine(Owned, Identified, Base):
    """One line; `line` is that of DESIGN 5.1 without the resident ID, `origin` is its position in the file."""

    __tablename__ = "roster_line"
    TRAIL = Unbound("screenings contain the lines they judged")
    __table_args__ = (UniqueConstraint("roster_id", "position"),)
    ID_PREFIX = "rln"

    roster_id: Mapped[str] = mapped_column(ID, ForeignKey("roster_version.id"))
    position: Mapped[int] = mapped_column(Integer)
    line_sealed: Mapped[Any] = mapped_column("line", Sealed(LINE))
    origin: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    resident_id_sealed: Mapped[Any | None] = mapped_column("resident_id", Sealed(RESIDENT))
    resident_id_hash: Mapped[str | None] = mapped_column(KeyedHash(RESIDENT_ID, of="resident_id"), index=True)
    line = SealedJson("line_sealed")
    resident_id = SealedText("resident_id_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the organization's scope."""
        return scope_of(session.get_one(RosterVersion, self.roster_id).organization_id)
