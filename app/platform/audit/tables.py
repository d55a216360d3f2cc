"""Audit tables: one row per state change, and the head of each chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Unbound
from app.platform.database.types import CanonicalJson, UtcDateTime


class AuditEvent(Identified, Base):
    """One event; `hash` covers all other columns and the previous hash."""

    __tablename__ = "audit_event"
    TRAIL = Unbound("the trail itself")
    __table_args__ = (UniqueConstraint("chain", "sequence"),)
    ID_PREFIX = "aud"

    chain: Mapped[str] = mapped_column(ID)
    sequence: Mapped[int] = mapped_column(Integer)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(80), index=True)
    actor_id: Mapped[str] = mapped_column(ID, index=True)
    actor_role: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(80), index=True)
    before: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    after: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    rows: Mapped[Any] = mapped_column(CanonicalJson)  # [table, id, SHA-256 or null] of each row written with it
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The newest link of a chain; its row is the lock that keeps a chain from forking."""

    __tablename__ = "audit_head"
    TRAIL = Unbound("the trail itself")

    chain: Mapped[str] = mapped_column(ID, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """A signed checkpoint, kept for delivery and exports; `line` is the exact signed text."""

    __tablename__ = "audit_checkpoint"
    TRAIL = Unbound("the trail itself")

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    line: Mapped[str] = mapped_column(Text)
    sealed: Mapped[Any] = mapped_column(CanonicalJson)  # openings of its commitments: chain, sequence, hash, nonce


class AuditPublication(Identified, Base):
    """A hash that the next checkpoint states for everyone: of a tender's keys, list of envelopes or opening record."""

    __tablename__ = "audit_publication"
    TRAIL = Unbound("the trail itself")
    ID_PREFIX = "pub"

    subject: Mapped[str] = mapped_column(ID)
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    number: Mapped[int | None] = mapped_column(Integer, index=True)  # of the checkpoint that states it


class AuditTold(Base):
    """The head of a chain as stated by the newest checkpoint that names it."""

    __tablename__ = "audit_told"
    TRAIL = Unbound("the trail itself")

    chain: Mapped[str] = mapped_column(ID, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class AuditDelivery(Base):
    """The newest checkpoint delivered to a sink, and since when delivery fails."""

    __tablename__ = "audit_delivery"
    TRAIL = Unbound("state of delivery")

    sink: Mapped[str] = mapped_column(String(400), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(80))


class ClockSeen(Base):
    """The latest time that the instance has seen, in its only row."""

    __tablename__ = "clock_seen"
    TRAIL = Unbound("state of the clock; jumps have their event")

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
