"""Screenings on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.bidders.dossier_format import DossierPart
from app.core.eligibility.screening import Assurance
from app.core.facts.outcome import Outcome, Verdict
from app.examination.screening.result_schemas import ResultLine
from app.examination.screening.tables import ScreeningRun
from app.platform.web.schema import Input, OfTender, Output, Shaped
from app.platform.web.types import Chars, Day, Id, Name

PolicyId = Annotated[str, Chars(1, 64, r"^[a-z0-9][a-z0-9_-]*$")]
AssuranceIn = Annotated[Assurance, Field(description="`declared` or `documented`")]
Plain = Annotated[
    dict[str, Any],
    Shaped(DossierPart),
    Field(description="A dossier as plain JSON, checked like a dossier.json file"),
]


class ScreeningIn(Input):
    """Either an organization within a tender, or a dossier with a preset policy."""

    tender: Annotated[Id | None, Field(alias="tenderId")] = None
    organization: Annotated[Id | None, Field(alias="organizationId")] = None
    dossier: DossierPart | None = None
    policy: PolicyId | None = None
    as_of: Day | None = None
    assurance: AssuranceIn | None = None
    review: Annotated[Id | None, Field(description="The bidder's open review that led to this screening")] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        within = self.tender is not None and self.organization is not None
        alone = self.dossier is not None and self.as_of is not None
        mixed = (self.tender or self.organization or self.review) and (self.dossier or self.policy)
        if mixed or within == alone:
            raise PydanticCustomError(
                "screening_subject", "Either `tender` with `organization`, or `dossier` with `asOf`, is expected"
            )
        return self


class NamedDossier(Input):
    """One dossier of a batch."""

    name: Name
    dossier: Plain


class BatchIn(Input):
    """Either organizations of a tender (empty: all participants), or dossiers with a preset policy."""

    tender: Annotated[Id | None, Field(alias="tenderId")] = None
    organizations: Annotated[list[Id], Field(max_length=5_000)] | None = None
    dossiers: Annotated[list[NamedDossier], Field(min_length=1, max_length=5_000)] | None = None
    policy: PolicyId | None = None
    as_of: Day | None = None
    assurance: AssuranceIn | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        within, alone = self.tender is not None, self.dossiers is not None and self.as_of is not None
        if within == alone or (within and (self.dossiers or self.policy)) or (alone and self.organizations):
            raise PydanticCustomError("screening_subject", "Either `tender`, or `dossiers` with `asOf`, is expected")
        return self


class PatchStep(Input):
    """One step of a JSON Patch (RFC 6902) on the dossier."""

    op: Annotated[str, Chars(3, 7, r"^(add|remove|replace)$")]
    path: Annotated[str, Chars(1, 400)]
    value: Any = None


class WhatIfIn(Input):
    """A stored screening with changes: the dossier, the policy, the day, the assurance."""

    screening: Id
    patch: Annotated[list[PatchStep], Field(max_length=500)] = Field(default_factory=list)
    policy: PolicyId | None = None
    as_of: Day | None = None
    assurance: AssuranceIn | None = None


class ScreeningOut(OfTender):
    """A screening in a list; the whole result is read by its id."""

    id: str
    tender_id: str | None
    organization_id: str | None
    batch: str | None
    review: str | None
    name: str | None
    policy: str
    as_of: date
    assurance: Assurance
    verdict: Verdict
    score: Decimal
    input_hash: str
    result_hash: str
    created_at: datetime

    @classmethod
    def of(cls, run: ScreeningRun) -> Self:
        """Build from its row."""
        return cls(
            id=run.id,
            tender_id=run.tender_id,
            organization_id=run.organization_id,
            batch=run.batch_id,
            review=run.review_id,
            name=run.name,
            policy=run.policy_id,
            as_of=run.as_of,
            assurance=Assurance(run.assurance),
            verdict=Verdict(run.verdict),
            score=run.score,
            input_hash=run.input_hash,
            result_hash=run.result_hash,
            created_at=run.created_at,
        )


class ScreeningCompared(Output):
    """A hash as stored and as recomputed."""

    stored: str
    computed: str


class ReplayOut(Output):
    """Whether the stored input still yields the stored result, byte for byte."""

    screening: str
    identical: bool
    input_hash: ScreeningCompared
    result_hash: ScreeningCompared
    engine_version: ScreeningCompared


class Changed(Output):
    """A requirement with a different result."""

    requirement: str
    before: str | None
    after: str | None


class WhatIfOut(Output):
    """A what-if result; it is not stored and is no decision."""

    screening: str
    verdict: ScreeningCompared
    changed: list[Changed]
    result: Annotated[dict[str, Any], Shaped(ResultLine)]


class ExplainedRequirement(Output):
    """One requirement in plain words: the findings and their evidence, the article, and what would make it met."""

    id: str
    title: str
    outcome: Outcome
    found: list[str]
    evidence: list[str]
    legal_basis: list[str]
    what_would_help: list[str]
    text: str


class ExplainedStaff(Output):
    """A line of the bidder's own roster that is not counted, or may not be."""

    pointer: str
    line: int
    reasons: list[str]
    text: str


class ExplanationOut(OfTender):
    """A screening in plain Chinese for the bidder; `text` is the whole explanation, `review` is where to request human
    review.
    """

    screening: str
    tender_id: str | None
    verdict: Verdict
    summary: str
    requirements: list[ExplainedRequirement]
    staff: list[ExplainedStaff]
    rights: str
    review: str | None
    text: str
