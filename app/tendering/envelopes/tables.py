"""Tables of sealed bids: the tender's key, envelopes, refusals. They contain no price before the opening."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.procedure.qualification import BidState
from app.platform.database.base import ID, Base, Identified, Versioned
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson, UtcDateTime

_SEALED = text("state = 'sealed'")


class Opening(Identified, Versioned, Base):
    """The opening 开标 of a tender: public key and wraps, then the list at the deadline, then the record.

    Its row is the lock that submitting, withdrawing, closing and opening take.
    """

    __tablename__ = "opening"
    TRAIL = Bound()
    __table_args__ = (UniqueConstraint("tender_id"),)
    ID_PREFIX = "opn"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    public_key: Mapped[str] = mapped_column(String(80))
    commitment: Mapped[str] = mapped_column(String(64))  # SHA-256 of the draw's secret
    threshold: Mapped[int] = mapped_column(Integer)
    custodians: Mapped[Any] = mapped_column(CanonicalJson)
    wraps: Mapped[Any] = mapped_column(CanonicalJson)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    listed: Mapped[Any | None] = mapped_column(CanonicalJson)  # every envelope's receipt, lot and hash, at the deadline
    list_sha256: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draw_secret: Mapped[str | None] = mapped_column(String(64))  # published with the record
    draw_seed: Mapped[str | None] = mapped_column(String(64))
    record: Mapped[Any | None] = mapped_column(CanonicalJson)
    record_sha256: Mapped[str | None] = mapped_column(String(64))  # stated by a checkpoint outside


class OpeningTrial(Identified, Base):
    """A value sealed to a custodian's key, and the hash of the answer that proves that the key opens it."""

    __tablename__ = "opening_trial"
    TRAIL = Bound()
    __table_args__ = (UniqueConstraint("tender_id", "custodian"),)
    ID_PREFIX = "otr"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    custodian: Mapped[str] = mapped_column(String(80))
    trial: Mapped[str] = mapped_column(String(1000))  # base64
    answer_sha256: Mapped[str] = mapped_column(String(64))
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Envelope(Identified, Versioned, Base):
    """One sealed bid for one lot: ciphertext padded to its class; `receipt` is its random public number."""

    __tablename__ = "envelope"
    TRAIL = Bound(until_closed=True, beside={"ciphertext": "bound by its hash, `sha256`"})
    __table_args__ = (
        Index(
            "uq_envelope_sealed",
            "lot_id",
            "organization_id",
            unique=True,
            sqlite_where=_SEALED,
            postgresql_where=_SEALED,
        ),
        CheckConstraint(f"state IN {tuple(state.value for state in BidState)}", name="state"),
    )
    ID_PREFIX = "env"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    organization_id: Mapped[str] = mapped_column(ID, ForeignKey("organization.id"))
    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(String(12), default=BidState.SEALED.value)
    contents_sha256: Mapped[str | None] = mapped_column(String(64))
    bid_id: Mapped[str | None] = mapped_column(ID, ForeignKey("bid.id"))
    price_read: Mapped[Any | None] = mapped_column(CanonicalJson)
    price_confirmed: Mapped[bool | None]
    price_answer: Mapped[str | None] = mapped_column(String(2000))


class EnvelopeRefusal(Identified, Base):
    """A refused submission with its receipt (财政部令第87号 第三十三条); its bytes are not kept."""

    __tablename__ = "envelope_refusal"
    TRAIL = Bound(until_closed=True)
    ID_PREFIX = "enr"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    organization_id: Mapped[str] = mapped_column(ID)
    receipt: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    code: Mapped[str] = mapped_column(String(40))
