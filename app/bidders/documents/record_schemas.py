"""The record of an extraction on the wire, as app/evidence/reading/record.py writes it (docs/documents.md)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Box = Annotated[
    list[float],
    Field(min_length=4, max_length=4, description="x0, y0, x1, y1 in 0..1 from the top left corner of the page"),
]
Confidence = Annotated[float, Field(ge=0, le=1)]
Method = Annotated[str, Field(description="`text`, `ocr`, `qr`, `signature`, `table` or `person`")]


class Recorded(BaseModel):
    """Base class: camelCase on the wire. Kinds of documents added later may have members of their own."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="allow")


class RecordReason(Recorded):
    """Why a file needs manual review; the message contains nothing of the file."""

    code: str
    message: str


class AnnualCheckRead(Recorded):
    """One annual check 年检 on a certificate."""

    year: int | None
    conclusion: str | None


class RecordField(Recorded):
    """A value on a page; null if the page shows one that cannot be read."""

    field: str
    value: str | int | bool | AnnualCheckRead | list[AnnualCheckRead] | None
    text: str | None
    page: int | None
    box: Box | None
    method: Method
    confidence: Confidence
    group: Annotated[int, Field(description="The nth certificate in the file, from 0")]


class RecordGroup(Recorded):
    """A certificate or paper in the file, and its first page."""

    group: int
    kind: str
    page: int


class InsuranceRead(Recorded):
    """Social insurance as a roster line states it; months included."""

    payer: str | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    to: str | None = None


class CertificateRead(Recorded):
    """A certificate as a roster line states it."""

    kind: str | None = None
    level: str | None = None
    number: str | None = None
    approved_on: str | None = None


class RecordPlace(Recorded):
    """A place on a page."""

    page: int
    box: Box


class RecordRow(Recorded):
    """A person on a proof of social insurance 参保证明 or a line of a roster 花名册, and its place."""

    name: str | None = None
    resident_id: str | None = None
    page: int | None = None
    box: Box | None = None
    confidence: Confidence | None = None
    group: int | None = None
    kinds: list[str] | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    to: str | None = None
    payer: str | None = None
    status: str | None = None
    months: list[str] | None = None
    employment: str | None = None
    position: str | None = None
    contract_from: str | None = None
    contract_to: str | None = None
    social_insurance: InsuranceRead | list[InsuranceRead] | None = None
    certificates: list[CertificateRead] | None = None
    sheet: str | None = None
    row: int | None = None
    hidden: bool | None = None
    unread: Annotated[list[str] | None, Field(description="Fields that are stated and could not be read")] = None
    number_boxes: Annotated[list[RecordPlace] | None, Field(description="Where its resident ID is printed")] = None
    extra: Annotated[dict[str, str | None] | None, Field(description="Columns without a roster field")] = None


class RecordCode(Recorded):
    """A QR or other matrix code on a page."""

    text: str
    page: int
    box: Box


class RecordSignature(Recorded):
    """An electronic signature of a PDF; `bottomLine` is true if it is intact, covers the whole file and is trusted."""

    bottom_line: bool
    valid: bool
    signer: str | None = None
    signed_at: str | None = None
    intact: bool | None = None
    trusted: bool | None = None
    coverage: str | None = None
    altered: bool | None = None
    problem: str | None = None


class RecordProvenance(Recorded):
    """What the file itself states about its origin."""

    producer: str | None
    author: str | None
    created_at: str | None
    signature: list[RecordSignature] | None
    qr: list[RecordCode]


class RecordColumn(Recorded):
    """A column of a sheet, and the field that it was mapped to."""

    column: str
    heading: str | None
    field: str | None
    understood: bool


class RecordSheet(Recorded):
    """A sheet of a table file: how many lines, and what its columns were taken for."""

    name: str
    hidden: bool
    lines: int
    columns: list[RecordColumn]


class ExtractionRecord(Recorded):
    """What was read from one file."""

    file: str
    sha256: str
    media_type: str
    pages: int
    kind: str | None
    status: Literal["extracted", "needs_review", "rejected"]
    reasons: list[RecordReason]
    fields: Annotated[list[RecordField], Field(title="Fields read")]
    groups: list[RecordGroup]
    rows: list[RecordRow]
    provenance: RecordProvenance
    sheets: list[RecordSheet] | None = None
