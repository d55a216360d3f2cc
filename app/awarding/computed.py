"""Columns that rankings and award scenarios share, so that a replay can verify them."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database.base import ID, Identified
from app.platform.database.types import CanonicalJson
from app.platform.web.schema import OfTender


class Computed(Identified):
    """The columns: input and result, their hashes, the policy, the engine version, and who requested it."""

    input: Mapped[Any] = mapped_column(CanonicalJson)
    result: Mapped[Any] = mapped_column(CanonicalJson)
    input_hash: Mapped[str] = mapped_column(String(64))
    result_hash: Mapped[str] = mapped_column(String(64))
    policy_sha256: Mapped[str] = mapped_column(String(64))
    engine_version: Mapped[str] = mapped_column(String(20))
    computed_by: Mapped[str] = mapped_column(ID)


class ComputedOut(OfTender):
    """The same columns on the wire, without the result."""

    id: str
    tender_id: str
    input_hash: str
    result_hash: str
    policy_sha256: str
    engine_version: str
    computed_by: str
    created_at: datetime


def computed_fields(row: Computed, tender_id: str) -> dict[str, Any]:
    """Return the result of a row with the fields of `ComputedOut`, by wire name."""
    return {
        **row.result,
        "id": row.id,
        "tenderId": tender_id,
        "inputHash": row.input_hash,
        "resultHash": row.result_hash,
        "policySha256": row.policy_sha256,
        "engineVersion": row.engine_version,
        "computedBy": row.computed_by,
        "createdAt": row.created_at,
    }
