"""Documents on the wire. ID numbers are masked in file names and extracted values."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.bidders.documents.record_schemas import ExtractionRecord
from app.bidders.documents.tables import Document, Extraction
from app.platform.access.masking import masked_facts, masked_text
from app.platform.jobs.schemas import JobOut
from app.platform.web.schema import Input, Output, Shaped
from app.platform.web.types import Chars, Id, PersonalText, whole

Kind = Literal[
    "registration_certificate",
    "social_worker_certificate",
    "social_insurance",
    "audit_report",
    "annual_check",
    "declaration",
    "roster",
    "other",
]
State = Literal["received", "processing", "extracted", "needs_review", "rejected"]
FieldName = Annotated[str, Chars(1, 40, r"^[A-Za-z][A-Za-z]*$")]
Reason = Annotated[str, Chars(1, 2_000)]
MOST_FILES = 200
_MOST_CHECKS = 200

MASKED_BIRTH = "****-**-**"


class AnnualCheckIn(Input):
    """One year's annual check 年检."""

    year: Annotated[int, whole(1900, 2200)]
    conclusion: Literal["passed", "basically_passed", "failed"]


def _field_value(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) < 10_000:  # years
        return value
    if isinstance(value, list) and len(value) <= _MOST_CHECKS:
        return [AnnualCheckIn.model_validate(one).model_dump() for one in value]
    raise PydanticCustomError("field_value", "A text, a truth value, a year or a list of annual checks is expected")


FieldValue = Annotated[
    PersonalText | bool | int | list[Any] | None,
    BeforeValidator(_field_value),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": 2000},
                {"type": "boolean"},
                {"type": "integer", "minimum": -9999, "maximum": 9999},
                {"type": "array", "maxItems": _MOST_CHECKS, "items": AnnualCheckIn.model_json_schema()},
                {"type": "null"},
            ]
        }
    ),
]


class FieldCorrection(Input):
    """A manual correction of a field of the nth certificate in the file; null if the field is unreadable."""

    field: FieldName
    group: Annotated[int, whole(0, 9_999)] = 0
    value: FieldValue = None
    absent: bool = Field(default=False, strict=True, description="The page does not contain the field.")


class RowCorrection(Input):
    """Manual corrections of the nth row of a table (from 0)."""

    row: Annotated[int, whole(0, 19_999)]
    name: Annotated[str, Chars(0, 200, personal=True)] | None = None
    resident_id: Annotated[str, Chars(0, 64, r"^[^*]*$", personal=True)] | None = None
    from_: Annotated[str, Chars(7, 7, r"^[0-9]{4}-(0[1-9]|1[0-2])$")] | None = Field(default=None, alias="from")
    to: Annotated[str, Chars(7, 7, r"^[0-9]{4}-(0[1-9]|1[0-2])$")] | None = None


class CorrectionIn(Input):
    """Manual corrections of the latest extraction, with the reason; values that are not named stay unchanged."""

    reason: Reason
    kind: Kind | None = None
    status: Literal["extracted", "needs_review", "rejected"] = "extracted"
    fields: Annotated[tuple[FieldCorrection, ...], Field(max_length=1_000)] = ()
    rows: Annotated[tuple[RowCorrection, ...], Field(max_length=20_000)] = ()


class DocumentChange(Input):
    """A new kind or organization for a document; omitted members stay unchanged."""

    kind: Kind | None = None
    organization_id: Id | None = None


class ReasonOut(Output):
    """A reason why a document was not extracted completely."""

    code: str
    message: str


class DocumentOut(Output):
    """A document; `duplicateOf` names the first document of the same organization with the same bytes.

    `name` is null once the facts of the organization were erased.
    """

    id: str
    organization_id: str | None
    kind: str | None
    kind_found: str | None
    name: str | None
    sha256: str
    size: int
    media_type: str | None
    pages: int | None
    state: State
    reasons: list[ReasonOut]
    duplicate_of: str | None
    uploaded_by: str
    created_at: datetime
    version: int

    @classmethod
    def of(cls, row: Document) -> Self:
        """Build from its row."""
        plain = {member: getattr(row, member) for member in cls.model_fields if member not in ("name", "reasons")}
        return cls(**plain, name=_shown_name(row), reasons=masked_facts(row.reasons))


def _shown_name(row: Document) -> str | None:
    return None if row.erased else masked_text(row.name.reveal())


class UploadOut(Output):
    """The documents of an upload, and the job that extracts them."""

    documents: list[DocumentOut]
    job: JobOut


class ExtractionOut(Output):
    """One extraction of a document; `record` is masked."""

    id: str
    document_id: str
    number: int
    source: Literal["machine", "person"]
    author: str
    reason: str | None
    kind: str | None
    status: str
    engine_version: str
    created_at: datetime
    record: Annotated[Any, Shaped(ExtractionRecord)]

    @classmethod
    def of(cls, row: Extraction, *, births: bool = True) -> Self:
        """Build from its row; without `births` for roles that may not unmask: a birth date completes a masked number."""
        plain = {member: getattr(row, member) for member in cls.model_fields if member not in ("record", "reason")}
        record = _masked_record(row.record)
        return cls(**plain, record=record if births else _without_births(record), reason=masked_facts(row.reason))


def _without_births(record: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {**one, "value": MASKED_BIRTH, "text": MASKED_BIRTH}
        if one["field"] == "birthDate" and one.get("value")
        else one
        for one in record["fields"]
    ]
    rows = [{**one, "birthDate": MASKED_BIRTH} if one.get("birthDate") else one for one in record["rows"]]
    return {**record, "fields": fields, "rows": rows}


def _masked_record(record: dict[str, Any]) -> dict[str, Any]:
    fields = [_masked_field(field) for field in record["fields"]]
    return {**masked_facts({**record, "fields": []}), "fields": fields}


def _masked_field(field: dict[str, Any]) -> dict[str, Any]:
    if field["field"] != "residentId":
        return {**field, **masked_facts({"value": field.get("value"), "text": field.get("text")})}
    value = masked_facts({"residentId": field.get("value")})["residentId"]
    return {**field, "value": value, "text": value}
