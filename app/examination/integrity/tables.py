"""Tables of flags 线索, officers' decisions on them, and the data to compute them: fingerprints and submission metadata."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from app.core.integrity.flag_state import FlagFinding, State
from app.core.integrity.leads import Strength
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound, Unbound
from app.platform.database.data_keys import scope_of
from app.platform.database.sealed import Owned, Sealed, SealedJson
from app.platform.database.types import CanonicalJson, UtcDateTime


class Flag(Owned, Identified, Versioned, Base):
    """A lead of a tender, one row per lead id. `current`: current facts still support it; `finding` names persons."""

    __tablename__ = "flag"
    TRAIL = Bound()
    __table_args__ = (
        UniqueConstraint("tender_id", "lead_id"),
        CheckConstraint(f"state IN {tuple(state.value for state in State)}", name="state"),
        CheckConstraint(f"strength IN {tuple(strength.value for strength in Strength)}", name="strength"),
    )
    ID_PREFIX = "flg"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    lead_id: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(60))
    strength: Mapped[str] = mapped_column(String(10))
    article: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(12))
    current: Mapped[bool] = mapped_column(Boolean)
    blocks: Mapped[bool] = mapped_column(Boolean)
    subjects: Mapped[Any] = mapped_column(CanonicalJson)
    lots: Mapped[Any] = mapped_column(CanonicalJson)
    evidence_hash: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finding_sealed: Mapped[Any] = deferred(mapped_column("finding", Sealed("flag.finding")))
    finding = SealedJson("finding_sealed")

    def key_scope(self, session: Session) -> str:
        """Return the tender's scope: a flag names persons of several organizations."""
        return scope_of(self.tender_id)


class FlagSubject(Base):
    """An organization that a flag is about; it links flags about the same pair in other tenders."""

    __tablename__ = "flag_subject"
    TRAIL = Bound("flag_id>tender_id")
    __table_args__ = (Index(None, "organization_id", "flag_id"),)

    flag_id: Mapped[str] = mapped_column(ID, ForeignKey("flag.id"), primary_key=True)
    organization_id: Mapped[str] = mapped_column(ID, primary_key=True)


class Disposition(Identified, Base):
    """An officer's decision and the evidence it rests on; never changed, a new one follows it."""

    __tablename__ = "flag_disposition"
    TRAIL = Bound("flag_id>tender_id")
    __table_args__ = (
        UniqueConstraint("flag_id", "number"),
        CheckConstraint(f"finding IN {tuple(finding.value for finding in FlagFinding)}", name="finding"),
    )
    ID_PREFIX = "dsp"

    flag_id: Mapped[str] = mapped_column(ID, ForeignKey("flag.id"))
    number: Mapped[int] = mapped_column(Integer)
    finding: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(2000))
    decided_by: Mapped[str] = mapped_column(ID)
    evidence_hash: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[Any] = deferred(mapped_column(CanonicalJson))


class DocumentFingerprint(Owned, Base):
    """A file's provenance features; `method` is the version of the extraction method.

    `scope` names the organization whose data key encrypts it: equal files of two organizations are stored twice and erased separately.
    """

    __tablename__ = "document_fingerprint"
    TRAIL = Unbound("computed from the file, whose hash is bound")

    scope: Mapped[str] = mapped_column(String(100), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    method: Mapped[int] = mapped_column(Integer)
    fingerprint_sealed: Mapped[Any] = mapped_column("fingerprint", Sealed("document_fingerprint.fingerprint"))
    fingerprint = SealedJson("fingerprint_sealed")

    def key_scope(self, session: Session) -> str:
        """See `scope`."""
        return self.scope


class TenderDocument(Base):
    """A document of the tender itself, whose content every bidder may copy."""

    __tablename__ = "tender_document"
    TRAIL = Bound()

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), primary_key=True)
    document_id: Mapped[str] = mapped_column(ID, ForeignKey("document.id"), primary_key=True)
