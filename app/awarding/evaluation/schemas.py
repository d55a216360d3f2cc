"""Score sheets and rankings on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field

from app.awarding.computed import ComputedOut, computed_fields
from app.awarding.evaluation.tables import RankingSignature, ScoreSheet, StoredRanking
from app.core.evaluation.ranking import DecidedBy, Exclusion
from app.core.evaluation.report import Stand
from app.core.evaluation.scoring import Correction
from app.platform.web.schema import Input, Output
from app.platform.web.types import Chars, Id, Score, Token

Reason = Annotated[str, Chars(1, 2_000)]
FactorId = Annotated[str, Chars(1, 200)]
Points = Annotated[dict[FactorId, Score], Field(max_length=1_000)]


class ScoreSheetIn(Input):
    """A member's points: bid → factor → points.

    An evaluator scores in its own name; an officer who records a paper sheet names the `member`. A submitted sheet is
    final; only a recorded `ground` with its `reason` allows a sheet that `replaces` it.
    """

    member: Token | None = None
    scores: Annotated[dict[Id, Points], Field(min_length=1, max_length=10_000)]
    replaces: Id | None = None
    ground: Correction | None = None
    reason: Reason | None = None

    @property
    def points(self) -> dict[str, dict[str, Decimal]]:
        """The scores as plain values."""
        return {bid: dict(sheet) for bid, sheet in self.scores.items()}

    @property
    def written(self) -> dict[str, dict[str, str]]:
        """Return the scores as stored: each decimal as given."""
        return {bid: {factor: f"{points:f}" for factor, points in sheet.items()} for bid, sheet in self.scores.items()}


class ScoreSheetOut(Output):
    """A score sheet; `replacedBy` is the sheet that replaces it."""

    id: str
    lot_id: str
    member: str
    scores: dict[str, dict[str, str]]
    sha256: Annotated[str, Field(description="Hash of lot, member and scores, as in the audit trail")]
    replaced_by: str | None
    ground: Correction | None
    reason: str | None
    recorded_by: str
    created_at: datetime

    @classmethod
    def of(cls, sheet: ScoreSheet) -> Self:
        """Build from its row."""
        return cls(
            id=sheet.id,
            lot_id=sheet.lot_id,
            member=sheet.member,
            scores=sheet.scores,
            sha256=sheet.sha256,
            replaced_by=sheet.replaced_by,
            ground=Correction(sheet.ground) if sheet.ground else None,
            reason=sheet.reason,
            recorded_by=sheet.recorded_by,
            created_at=sheet.created_at,
        )


class SignatureIn(Input):
    """A member's position on the evaluation report of a lot: agreement, or dissent with reasons (财政部令第87号 第六十一条).

    An evaluator signs in its own name; an officer who records a paper names the `member`.
    """

    member: Token | None = None
    agrees: bool
    dissent: Reason | None = None


class SignatureOut(Output):
    """A member's position; a member who has neither signed nor dissented is deemed to agree."""

    member: str
    stand: Stand
    dissent: str | None
    result_hash: str | None
    recorded_by: str | None
    signed_at: datetime | None

    @classmethod
    def of(cls, member: str, stand: Stand, row: RankingSignature | None) -> Self:
        """Build from its row, if there is one."""
        return cls(
            member=member,
            stand=stand,
            dissent=row.dissent if row else None,
            result_hash=row.result_hash if row else None,
            recorded_by=row.recorded_by if row else None,
            signed_at=row.created_at if row else None,
        )


class Signatures(Output):
    """Every member whose sheet the ranking is based on."""

    items: list[SignatureOut]


class RankingRow(Output):
    """One ranked bid; decimals are strings."""

    bid: str
    rank: int
    total: str
    price_score: str | None
    member_totals: dict[str, str]
    factor_means: dict[str, str]
    evaluation_price: str | None
    decided_by: DecidedBy


class ExcludedBid(Output):
    """A bid that is not ranked, and why."""

    bid: str
    code: Exclusion


class RankingWarning(Output):
    """A warning about a ranking; `bid` is null where it concerns the whole lot."""

    code: str
    bid: str | None


class RankingResult(Output):
    """The ranking of a lot, exactly as `bidscreen rank` prints it."""

    lot: str
    status: Literal["ranked", "failed"]
    reason: str | None
    benchmark: str | None
    rows: list[RankingRow]
    excluded: list[ExcludedBid]
    warnings: list[RankingWarning]


class RankingOut(RankingResult, ComputedOut):
    """A stored ranking with the hashes for its replay."""

    number: int

    @classmethod
    def of(cls, row: StoredRanking) -> Self:
        """Build from its row."""
        return cls.model_validate({**computed_fields(row, row.tender_id), "number": row.number})


class RankingCompared(Output):
    """A value as stored and as recomputed."""

    stored: str
    computed: str


class RankingReplay(Output):
    """Whether the stored input still yields the stored ranking, byte for byte."""

    ranking: str
    identical: bool
    input_hash: RankingCompared
    result_hash: RankingCompared
    engine_version: RankingCompared
