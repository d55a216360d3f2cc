"""The result of a screening on the wire, member by member, as app/examination/screening/result.py writes it.

The API returns stored bytes; these classes document them, and a test reads every kind of result with them.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.core.credit.credit_record import Judgement, Relation
from app.core.eligibility.screening import Assurance
from app.core.facts.outcome import Outcome, Verdict
from app.core.staff.standing import Standing
from app.platform.web.schema import Output

Box = Annotated[
    list[float],
    Field(min_length=4, max_length=4, description="x0, y0, x1, y1 as fractions of the page, from its top left corner"),
]


class Bilingual(Output):
    """A text in Chinese and English."""

    zh: str
    en: str


class ScreenedIdentifier(Output):
    """The bidder's code as stated."""

    scheme: Literal["CN-USCC"]
    id: str | None


class ScreenedOrganization(Output):
    """The bidder as its dossier names it."""

    name: str | None
    identifier: ScreenedIdentifier


class AppliedPolicy(Output):
    """The policy that was applied, by id and hash."""

    id: str
    version: str
    sha256: str


class ResultReason(Output):
    """Why a requirement is not met or undetermined: a stable code, and the place in the dossier (JSON pointer)."""

    code: str
    message: Bilingual
    pointer: str | None


class DeclaredEvidence(Output):
    """A declared value that the requirement rests on."""

    assurance: Literal["declared"]
    pointer: str


class DocumentEvidence(Output):
    """Where a document states a value: its hash, page and box, and for a stored document its id and page picture.

    `pointer` is the roster line that it supports; the text of such a place is not repeated.
    """

    document: str
    document_id: str | None = None
    picture: Annotated[str | None, Field(description="Address of the page's picture")] = None
    title: Bilingual | None = None
    page: int | None
    box: Box | None
    text: str | None
    extractor: str | None
    confidence: float | str | None
    pointer: str | None = None


class SearchedNames(Output):
    """Names and code as they are compared with a list."""

    name: str | None
    uscc: str | None
    former_names: list[str]


class SearchEvidence(Output):
    """A snapshot of a credit list that was searched, hit or not."""

    list: str
    snapshot: str
    retrieved_at: date | None
    sha256: str | None
    rows: int | None
    found: int
    query: SearchedNames


class FoundEntry(Output):
    """An entry of a credit list, and how it relates to the bidder."""

    id: str
    name: str
    uscc: str | None
    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    reason: str | None
    document: str | None
    relation: Relation
    score: str
    judgement: Judgement | None
    judgement_id: str | None
    unread: Annotated[list[str] | None, Field(description="Columns that could not be read")] = None


class EntryEvidence(Output):
    """An entry that was found in a snapshot."""

    list: str
    snapshot: str
    entry: FoundEntry


Evidence = DeclaredEvidence | DocumentEvidence | SearchEvidence | EntryEvidence


class ResultRequirement(Output):
    """The outcome of one requirement; the four numbers are null unless it counts something."""

    id: str
    outcome: Outcome
    required: int | None
    observed: int | None
    doubtful: int | None
    margin: int | None
    reasons: list[ResultReason]
    evidence: list[Evidence]
    legal_basis: list[str]


class ResultFlip(Output):
    """A change that would make a requirement met."""

    requirement: str
    change: Bilingual


class StaffDisagreement(Output):
    """A declared value that no document confirms; `documented` is null if no document states it."""

    field: str
    declared: str | None
    documented: str | None
    place: DocumentEvidence | None


class SuppliedByDocument(Output):
    """A value that the roster leaves out and a document states."""

    field: str
    value: str | None
    place: DocumentEvidence


class ResultStaff(Output):
    """How one roster line counts, with every code that applies."""

    pointer: str
    full_time: Standing
    social_worker: Standing
    codes: list[str]
    documents: list[StaffDisagreement] | None = None
    missing: Annotated[list[str] | None, Field(description="Fields that the line leaves out")] = None
    from_documents: list[SuppliedByDocument] | None = None


class ConsultedSnapshot(Output):
    """The snapshot of a list that was consulted; null if there is none."""

    list: str
    snapshot: str | None
    retrieved_at: date | None
    retrieved_at_assumed: Annotated[bool | None, Field(description="The day of retrieval was not stated")] = None


class ResultLine(Output):
    """The result of a screening, as `bidscreen screen` prints it."""

    dossier: str
    organization: ScreenedOrganization
    verdict: Verdict
    score: str
    as_of: date
    policy: AppliedPolicy
    assurance: Assurance
    requirements: list[ResultRequirement]
    what_would_flip: list[ResultFlip]
    warnings: list[ResultReason] = Field(default_factory=list)
    staff: list[ResultStaff]
    credit_snapshots: list[ConsultedSnapshot]
    engine_version: str
    input_hash: str
    result_hash: str


class ScreeningResult(ResultLine):
    """The result of a stored screening, with its id and the tender it belongs to."""

    id: str
    tender_id: str | None
    practice: Annotated[bool, Field(description="Whether the tender is one for practice 演练项目")]
    created_at: datetime
