"""Wire format of a dossier: strict, bounded, with a pointer for every error; and its conversion to facts for the core.

The same format serves the command line, the batch and the API. Months and dates are converted during validation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from app.core.facts import dossier as facts
from app.core.values.identity import masked_text
from app.core.values.money import decimal_of
from app.core.values.months import Month

_LONGEST_STEP = 200
_NO_NUL = r"^[^\x00]*$"
Name = Annotated[str, StringConstraints(max_length=400, pattern=_NO_NUL, strict=True)]
Code = Annotated[str, StringConstraints(max_length=64, pattern=_NO_NUL, strict=True)]
LongText = Annotated[str, StringConstraints(max_length=20_000, pattern=_NO_NUL, strict=True)]
ShareText = Annotated[str, StringConstraints(pattern=r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$", strict=True)]
YearNumber = Annotated[StrictInt, Field(ge=1900, le=2200)]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_./]{0,63}$")]
Unread = Annotated[list[FieldName], Field(max_length=50)]
RegistrationField = Literal[
    "authority",
    "kind",
    "legalForm",
    "personality",
    "number",
    "registeredOn",
    "validFrom",
    "validTo",
    "openEnded",
    "businessScope",
    "annualChecks",
]
SOCIAL_WORKER_LEVELS = ("assistant", "intermediate", "senior", "local")


@lru_cache(maxsize=4096)  # a batch repeats the same few days and months
def _day(text: str) -> date:
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError("a date is written YYYY-MM-DD")
    return date.fromisoformat(text)


_month = lru_cache(maxsize=1024)(Month.parse)


@dataclass(frozen=True, slots=True)
class _Written:
    """A value written as text, parsed by a cached function that pydantic calls directly.

    Values of the type itself pass. Anything else is refused with one message, which states the expected format.
    """

    kind: type
    read: Callable[[str], object]
    message: str
    pattern: str

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        as_text = core_schema.no_info_after_validator_function(self.read, core_schema.str_schema(strict=True))
        either = core_schema.union_schema(
            [as_text, core_schema.is_instance_schema(self.kind)],
            mode="left_to_right",
            serialization=core_schema.to_string_ser_schema(),
        )
        return core_schema.custom_error_schema(either, "value_error", custom_error_context={"error": self.message})

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": self.pattern}


def _decimal(text: str) -> Decimal:
    return decimal_of(text)


DecimalText = Annotated[
    Decimal,
    _Written(
        Decimal, _decimal, 'a decimal in digits is written as text, such as "980000.00"', r"^-?[0-9]+(\.[0-9]+)?$"
    ),
]
Day = Annotated[date, _Written(date, _day, "a date that exists, written YYYY-MM-DD", r"^\d{4}-\d{2}-\d{2}$")]
MonthText = Annotated[Month, _Written(Month, _month, "a month is written YYYY-MM", r"^\d{4}-\d{2}$")]


class Part(BaseModel):
    """Base of all parts of a dossier: camelCase keys, unknown keys refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        validate_by_name=False,
        json_schema_mode_override="validation",  # stored as given
    )


class IdentifierPart(Part):
    """The identifier of an organization; scheme CN-USCC."""

    scheme: Code | None = None
    id: Code | None = None


class AnnualCheckPart(Part):
    """One annual check 年检."""

    year: YearNumber | None = None
    conclusion: facts.CheckConclusion | None = None


class RegistrationPart(Part):
    """The registration 登记."""

    authority: Name | None = None
    kind: facts.RegistrationKind | None = None
    legal_form: facts.LegalForm | None = None
    personality: facts.Personality | None = None
    number: Code | None = None
    registered_on: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    open_ended: StrictBool | None = None
    business_scope: LongText | None = None
    annual_checks: Annotated[list[AnnualCheckPart], Field(max_length=200)] | None = None
    unread: Annotated[list[RegistrationField], Field(max_length=50)] | None = None


class RepresentativePart(Part):
    """The legal representative 法定代表人."""

    name: Name | None = None
    resident_id: Code | None = None


class ContactPart(Part):
    """A contact 联系人."""

    name: Name | None = None
    phone: Code | None = None
    email: Name | None = None


class ControlLinkPart(Part):
    """A holding or management link 控股、管理关系."""

    organization_id: Code | None = None
    kind: Annotated[str, StringConstraints(pattern=r"^(shareholding|management)$")] | None = None
    share: ShareText | None = None


class OrganizationPart(Part):
    """The agency."""

    name: Name | None = None
    identifier: IdentifierPart | None = None
    former_names: Annotated[list[Name], Field(max_length=200)] | None = None
    registration: RegistrationPart | None = None
    legal_representative: RepresentativePart | None = None
    contacts: Annotated[list[ContactPart], Field(max_length=200)] | None = None
    control_links: Annotated[list[ControlLinkPart], Field(max_length=1000)] | None = None


class InsurancePart(Part):
    """Social insurance by one payer, months included."""

    payer: Name | None = None
    from_: Annotated[MonthText | None, Field(alias="from")] = None
    to: MonthText | None = None
    unread: Unread | None = None


def _listed(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


Periods = Annotated[
    list[InsurancePart],
    Field(max_length=400),
    BeforeValidator(_listed, json_schema_input_type=InsurancePart | list[InsurancePart]),
]


class CertificatePart(Part):
    """A certificate of a staff member."""

    kind: Kind | None = None
    level: Kind | None = None
    number: Code | None = None
    approved_on: Day | None = None
    valid_to: Day | None = None

    @field_validator("level")
    @classmethod
    def _known_level(cls, level: str | None, info: ValidationInfo) -> str | None:
        """Check the level: those of social workers are a closed list; other kinds have levels of their own."""
        is_social_worker = info.data.get("kind") in (None, "social_worker")
        if level is not None and is_social_worker and level not in SOCIAL_WORKER_LEVELS:
            raise ValueError(f"a social worker's level is one of {', '.join(SOCIAL_WORKER_LEVELS)}")
        return level


class RosterLinePart(Part):
    """One roster line."""

    name: Name | None = None
    resident_id: Code | None = None
    employment: facts.Employment | None = None
    position: Name | None = None
    contract_from: Day | None = None
    contract_to: Day | None = None
    social_insurance: Periods | None = None
    certificates: Annotated[list[CertificatePart], Field(max_length=200)] | None = None
    columns: Annotated[dict[Name, Name], Field(max_length=50)] | None = None
    unread: Unread | None = None


class DeclarationPart(Part):
    """A declaration 声明."""

    kind: Kind
    signed_on: Day | None = None


class AuditReportPart(Part):
    """An audit report."""

    firm: Name | None = None
    year: YearNumber | None = None
    opinion: facts.Opinion | None = None


class DocumentPart(Part):
    """A document of the dossier, by its path in the folder or its id in the service."""

    kind: Kind | None = None
    path: Name | None = None
    level: Kind | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class FigurePart(Part):
    """A figure that the bidder states, such as `turnover` of a year or `premises_area`."""

    kind: Kind
    value: DecimalText | None = None
    unit: Code | None = None
    year: YearNumber | None = None


class DossierPart(Part):
    """The facts about one bidder."""

    organization: OrganizationPart
    roster: Annotated[list[RosterLinePart], Field(max_length=20_000)] | None = None
    declarations: Annotated[list[DeclarationPart], Field(max_length=200)] | None = None
    audit_reports: Annotated[list[AuditReportPart], Field(max_length=200)] | None = None
    documents: Annotated[list[DocumentPart], Field(max_length=2000)] | None = None
    figures: Annotated[list[FigurePart], Field(max_length=200)] | None = None
    roster_incomplete: Annotated[list[Name], Field(max_length=100)] | None = None


def plain_values(part: Part) -> dict[str, Any]:
    """Return a part of a dossier as JSON values, without omitted members."""
    return part.model_dump(mode="json", by_alias=True, exclude_unset=True)


def dossier_facts(part: DossierPart) -> facts.Dossier:
    """Return the facts for the core. Missing lists are empty; a missing roster is marked as missing."""
    return facts.Dossier(
        _organization(part.organization),
        tuple(map(_line, part.roster or ())),
        tuple(facts.Declaration(one.kind, one.signed_on) for one in part.declarations or ()),
        tuple(facts.AuditReport(one.year, one.opinion) for one in part.audit_reports or ()),
        part.roster is None,
        tuple(part.roster_incomplete or ()),
        tuple(
            facts.SubmittedDocument(one.kind, one.level, one.valid_from, one.valid_to) for one in part.documents or ()
        ),
        tuple(facts.StatedFigure(one.kind, one.value, one.unit, one.year) for one in part.figures or ()),
    )


def _organization(part: OrganizationPart) -> facts.Organization:
    identifier = part.identifier
    is_uscc = identifier is not None and identifier.scheme in (None, "CN-USCC")
    return facts.Organization(
        part.name,
        identifier.id if identifier is not None and is_uscc else None,
        tuple(part.former_names or ()),
        _registration(part.registration or RegistrationPart()),
    )


def _registration(part: RegistrationPart) -> facts.Registration:
    return facts.Registration(
        part.authority,
        part.kind,
        part.legal_form,
        part.personality,
        part.registered_on,
        part.valid_from,
        part.valid_to,
        bool(part.open_ended),
        part.business_scope,
        tuple(facts.AnnualCheck(one.year, one.conclusion) for one in part.annual_checks or ()),
        tuple(part.unread or ()),
    )


def _line(part: RosterLinePart) -> facts.RosterLine:
    return facts.RosterLine(
        part.name,
        part.resident_id,
        part.employment,
        part.contract_from,
        part.contract_to,
        tuple(
            facts.InsurancePeriod(one.payer, one.from_, one.to, tuple(one.unread or ()))
            for one in part.social_insurance or ()
        ),
        tuple(
            facts.StaffCertificate(one.kind, one.level, one.number, one.approved_on, one.valid_to)
            for one in part.certificates or ()
        ),
        part.position,
        tuple((part.columns or {}).items()),
        tuple(part.unread or ()),
    )


def pointer_of(place: tuple[int | str, ...], data: object) -> str:
    """Return the location of a validation error as JSON pointer, without the index of a single period wrapped in a list."""
    steps = []
    for step in place:
        if isinstance(data, Mapping) and isinstance(step, int):
            continue
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        steps.append(_step(step))
    return "".join(f"/{step}" for step in steps)


def _step(step: int | str) -> str:
    """Return a pointer step that is safe to show: unknown keys may hold ID numbers, lone surrogates or very long text."""
    shown = masked_text(str(step).encode("utf-8", "backslashreplace").decode("utf-8"))
    return shown[:_LONGEST_STEP].replace("~", "~0").replace("/", "~1")
