"""Responses stored for replay under an Idempotency-Key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Base
from app.platform.database.bound import Unbound
from app.platform.database.types import EncryptedJson, UtcDateTime


class IdempotentAnswer(Base):
    """The response of a POST; encrypted, and NULL if it contained a secret that is shown once."""

    __tablename__ = "idempotent_answer"
    TRAIL = Unbound("repeats a response for a few hours")

    principal_id: Mapped[str] = mapped_column(ID, primary_key=True)
    route: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    answer: Mapped[Any] = mapped_column(EncryptedJson("idempotent_answer.answer"), nullable=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
