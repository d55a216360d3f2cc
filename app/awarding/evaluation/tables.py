"""Tables of score sheets 评分 and rankings 排名: never changed; a correction is a new row with its author."""

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.awarding.computed import Computed
from app.core.evaluation.scoring import Correction
from app.core.values.canonical import canonical_json, sha256_hex
from app.platform.database.base import ID, Base, Identified
from app.platform.database.bound import Bound
from app.platform.database.types import CanonicalJson

_CURRENT = text("replaced_by IS NULL")


class ScoreSheet(Identified, Base):
    """One member's points for the bids of one lot; `scores` is bid → factor → points. `member` is the scorer."""

    __tablename__ = "score_sheet"
    TRAIL = Bound()
    __table_args__ = (
        Index(
            "uq_score_sheet_current", "lot_id", "member", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT
        ),
        CheckConstraint(f"ground IN {tuple(ground.value for ground in Correction)}", name="ground"),
    )
    ID_PREFIX = "ssh"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    member: Mapped[str] = mapped_column(String(80))
    scores: Mapped[Any] = mapped_column(CanonicalJson)
    replaced_by: Mapped[str | None] = mapped_column(ID)
    ground: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(String(2000))
    recorded_by: Mapped[str] = mapped_column(ID)

    @property
    def sha256(self) -> str:
        """The hash of lot, member and scores, which the audit trail keeps."""
        return sha256_hex(canonical_json({"lot": self.lot_id, "member": self.member, "scores": self.scores}))


class StoredRanking(Computed, Base):
    """A ranking with its complete input; the newest of a lot has the highest number."""

    __tablename__ = "ranking"
    TRAIL = Bound()
    __table_args__ = (UniqueConstraint("lot_id", "number"),)
    ID_PREFIX = "rnk"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"))
    lot_id: Mapped[str] = mapped_column(ID, ForeignKey("lot.id"))
    number: Mapped[int] = mapped_column(Integer)


class RankingSignature(Identified, Base):
    """A member's signature of the evaluation report of a lot 评标报告, or its dissent 不同意见 with reasons."""

    __tablename__ = "ranking_signature"
    TRAIL = Bound("ranking_id>tender_id")
    __table_args__ = (
        UniqueConstraint("ranking_id", "member"),
        CheckConstraint("agrees = (dissent IS NULL)", name="dissent"),
    )
    ID_PREFIX = "sig"

    ranking_id: Mapped[str] = mapped_column(ID, ForeignKey("ranking.id"))
    member: Mapped[str] = mapped_column(String(80))
    agrees: Mapped[bool] = mapped_column(Boolean)
    dissent: Mapped[str | None] = mapped_column(String(2000))
    result_hash: Mapped[str] = mapped_column(String(64))  # the hash that was signed
    recorded_by: Mapped[str] = mapped_column(ID)
