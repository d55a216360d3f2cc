"""Schemas of matching: keyed queries, and for each an answer (DESIGN 5.9)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from app.core.facts.dossier import Organization
from app.evidence.credit.schemas import Code, ListName, SnapshotOut
from app.examination.credit_searches.tables import CreditQuery
from app.platform.web.schema import Input, Output, Shaped
from app.platform.web.types import Chars, Day, Id, Name

Key = Annotated[str, Chars(1, 80)]
AskedName = Annotated[str, Chars(0, 20_000)]


class QueryIn(Input):
    """The organization to search for; either field may be missing."""

    name: AskedName | None = None
    uscc: Code | None = None
    former_names: Annotated[list[AskedName], Field(max_length=50)] = Field(default_factory=list)

    @property
    def organization(self) -> Organization:
        """Return the organization as a value of the core."""
        return Organization(self.name or None, self.uscc, tuple(name for name in self.former_names if name))


class MatchIn(Input):
    """Queries, each under a key of the caller's choice; with a tender the search is recorded (财库〔2016〕125号)."""

    as_of: Day | None = Field(default=None, description="The cut-off day; default today")
    lists: Annotated[list[ListName], Field(max_length=50)] | None = Field(
        default=None, description="Default: every imported list"
    )
    tender_id: Id | None = None
    queries: Annotated[dict[Key, QueryIn], Field(min_length=1, max_length=5_000)]


class EntryOut(Output):
    """An entry of a list."""

    name: str
    uscc: str | None
    kind: str | None
    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    reason: str | None
    document: str | None
    unread: list[str] = Field(default_factory=list, description="Columns of the row that could not be read")


class DetailOut(Output):
    """A text in Chinese and English."""

    zh: str
    en: str


class FeatureOut(Output):
    """Which value of the query matched which value of the entry, and its effect on the score."""

    feature: str
    score: float
    query: str
    candidate: str
    detail: DetailOut


class HitOut(Output):
    """An entry that is the organization, by its code or by a judgement."""

    list: str
    snapshot: str
    entry_id: str
    entry: EntryOut
    rule: str


class CandidateOut(Output):
    """An entry that needs manual review."""

    list: str
    snapshot: str
    entry_id: str
    entry: EntryOut
    score: float
    explanations: Sequence[FeatureOut]


class ErrorOut(Output):
    """Why a query could not be answered."""

    code: str
    message: str


class CreditMatchOut(Output):
    """The answer to one query: hit, candidate, clear, or insufficient."""

    id: str
    status: str
    hits: list[HitOut]
    candidates: list[CandidateOut]
    error: ErrorOut | None
    incomplete: list[str] = Field(
        default_factory=list, description="Lists with lost rows: no bidder is cleared until an officer accepts the rows"
    )
    capped: bool = Field(default=False, description="More candidates were found than are shown")


class SearchedOut(Output):
    """A snapshot that was searched; not usable if too old on the cut-off day, or retrieved after it."""

    list: str
    snapshot: str
    retrieved_at: date
    usable: bool


class MatchOut(Output):
    """All answers, by the keys of the queries."""

    as_of: date
    snapshots: list[SearchedOut]
    results: dict[str, CreditMatchOut]


class KeptQueryOut(Output):
    """A search recorded in a tender."""

    id: str
    tender_id: str
    as_of: date
    query: Annotated[Any, Shaped(MatchIn)]
    answer: Annotated[Any, Shaped(MatchOut)]
    created_at: datetime

    @classmethod
    def of(cls, row: CreditQuery) -> Self:
        """Build from its row."""
        return cls.model_validate(row)


class WithdrawIn(Input):
    """The reason for withdrawing a snapshot, and who decides it."""

    reason: Annotated[str, Chars(1, 2_000)]
    person: Name


class AffectedScreeningOut(Output):
    """A screening that consulted the snapshot; `newest`: no later screening of the organization in the tender replaces
    it.
    """

    screening_id: str
    tender_id: str | None
    organization_id: str | None
    newest: bool


class WithdrawnOut(Output):
    """The withdrawn snapshot, the one now in force, and the screenings to run again (`POST /screenings/batch`)."""

    snapshot: SnapshotOut
    in_force: SnapshotOut | None
    screenings: list[AffectedScreeningOut]
