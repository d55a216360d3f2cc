"""Tables of documents 文件 and extractions: a row per upload, a version per extraction or manual correction."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform.audit.quiet import OwnChain
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson, SealedText, is_erased
from app.platform.database.types import CanonicalJson

STATES = ("received", "processing", "extracted", "needs_review", "rejected")
SOURCES = ("machine", "person")


class Document(OwnChain, Owned, Identified, Versioned, Base):
    """An uploaded file; the file store holds its bytes under `sha256`. The name is encrypted as personal data."""

    __tablename__ = "document"
    TRAIL = Bound("trail_chain")
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)
    ID_PREFIX = "doc"

    organization_id: Mapped[str | None] = mapped_column(ID, ForeignKey("organization.id"), index=True)
    kind: Mapped[str | None] = mapped_column(String(64))  # as declared
    kind_found: Mapped[str | None] = mapped_column(String(64))  # by the latest extraction
    name_sealed: Mapped[Any] = mapped_column("name", Sealed("document.name"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str | None] = mapped_column(String(100))  # detected from the bytes; None until extracted
    pages: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20), default="received")
    reasons: Mapped[Any] = mapped_column(CanonicalJson)
    duplicate_of: Mapped[str | None] = mapped_column(ID, ForeignKey("document.id"))
    uploaded_by: Mapped[str] = mapped_column(ID)
    job_id: Mapped[str | None] = mapped_column(ID)  # reads it
    name = SealedText("name_sealed")

    @property
    def scope(self) -> str:
        """Scope of the data key that encrypts the document: its organization's."""
        return scope_of(self.organization_id)

    @property
    def erased(self) -> bool:
        """Whether its data key was destroyed, so that only the row remains."""
        return is_erased(self.name_sealed)

    def key_scope(self, session: Session) -> str:
        """See `scope`."""
        return self.scope


class Extraction(OwnChain, Owned, Identified, Base):
    """One extraction of a document: the record of DESIGN 5.8, by the reader, or corrected by an officer with the
    reason.
    """

    __tablename__ = "extraction"
    TRAIL = Bound("trail_chain")
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
    )
    ID_PREFIX = "ext"

    document_id: Mapped[str] = mapped_column(ID, ForeignKey("document.id"))
    number: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(10))
    author: Mapped[str] = mapped_column(ID)
    reason: Mapped[str | None] = mapped_column(String(2000))
    kind: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    engine_version: Mapped[str] = mapped_column(String(40))
    record_sealed: Mapped[Any] = mapped_column("record", Sealed("extraction.record"))
    record = SealedJson("record_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the scope of its document."""
        return session.get_one(Document, self.document_id).scope
