"""Schema of a policy document: all keys listed, all figures bounded, unknown keys rejected."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)
from pydantic.alias_generators import to_camel

from app.core.facts.dossier import LegalForm
from app.core.facts.policy import SUPPORTING_PAPERS, Check, ListNature
from app.core.procedure.second_person import OF_TENDER, Act
from app.tendering.policies.parts import (
    Articles,
    Division,
    Figure,
    Identifier,
    Kinds,
    Name,
    Part,
    Title2,
    Words,
    Year,
)
from app.tendering.policies.plan import (
    TenderPart,
)


class InForce(Part):
    """Days on which the law behind the policy is in force."""

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None


class CertificateRulePart(Part):
    """A kind of certificate or document; without `levels` every level counts."""

    kind: Name
    levels: Annotated[list[Name], Field(max_length=50)] = []
    must_be_valid: StrictBool = False


class StaffRulePart(Part):
    """Which full-time staff count: by a word in a roster column, by a certificate, or by both for the same person."""

    column: Annotated[Words | None, Field(description="`position`, or a heading of a further roster column")] = None
    contains: Annotated[list[Words], Field(max_length=50, description="The column contains one of these words")] = []
    certificate: CertificateRulePart | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.column is None) != (not self.contains):
            raise ValueError("`column` and `contains` are expected together")
        if self.column is None and self.certificate is None:
            raise ValueError("`column` with `contains`, `certificate`, or both are expected")
        return self


class FigureRulePart(Part):
    """A stated figure within inclusive bounds, in each of the latest `years` years."""

    name: Annotated[Name, Field(description="`years_since_registration`, or the kind of a figure in the dossier")]
    minimum: Figure | None = None
    maximum: Figure | None = None
    unit: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    years: Annotated[StrictInt, Field(ge=1, le=20)] = 1
    max_age_years: Annotated[StrictInt, Field(ge=0, le=50)] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.minimum is None and self.maximum is None:
            raise ValueError("`minimum`, `maximum`, or both are expected")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("a `minimum` no greater than `maximum` is expected")
        return self


_BLOCKS = {"staff": Check.STAFF, "document": Check.DOCUMENT, "figure": Check.FIGURE, "any_of": Check.ANY_OF}
_HEADCOUNTS = (Check.FULL_TIME_STAFF, Check.SOCIAL_WORKERS, Check.STAFF)


def _with_check(data: Any) -> Any:
    """Fill in the check implied by the id or by the given block."""
    if not isinstance(data, dict) or "check" in data:
        return data
    if data.get("id") in {check.value for check in Check}:
        return {**data, "check": data["id"]}
    given = [check.value for name, check in _BLOCKS.items() if to_camel(name) in data]
    given += [Check.DECLARATION.value] if "declaration" in data else []
    return {**data, "check": given[0]} if len(given) == 1 else data


class AlternativePart(Part):
    """One requirement; `check` follows from the id, or from the block given: `staff`, `document`, `figure`, `declaration`."""

    id: Name
    check: Check | None = None
    title: Title2
    legal_basis: Articles = []
    weight: Annotated[Decimal, Field(gt=0, le=1000, decimal_places=4)] = Decimal(1)
    minimum: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    declaration: Identifier | None = None
    staff: StaffRulePart | None = None
    document: CertificateRulePart | None = None
    figure: FigureRulePart | None = None
    documented_by: Annotated[
        list[Name],
        Field(max_length=10, description="Kinds of paper that support it under `documented`; empty: all that can"),
    ] = []

    @model_validator(mode="before")
    @classmethod
    def _default_check(cls, data: Any) -> Any:
        return _with_check(data)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.check is None:
            raise ValueError("`check` is needed where neither the id nor one block (`staff`, `document`, …) names it")
        if (self.minimum is None) == (self.check in _HEADCOUNTS):
            raise ValueError("`minimum` is needed for headcounts, and only there")
        if self.check is Check.DECLARATION and self.declaration is None:
            raise ValueError("`declaration` is needed where the check is a declaration")
        for name, check in _BLOCKS.items():
            if (getattr(self, name, None) is not None) != (self.check is check):
                raise ValueError(f"`{to_camel(name)}` is needed where the check is `{check.value}`, and only there")
        return self

    @model_validator(mode="after")
    def _documented(self) -> Self:
        """Reject a paper that the check cannot compare, and the omission of one of several that it needs together."""
        known = SUPPORTING_PAPERS.get(self.check, ()) if self.check else ()
        if not set(self.documented_by) <= set(known):
            raise ValueError(f"`documentedBy` names papers that support this check: {', '.join(known) or 'none'}")
        if self.documented_by and self.check is Check.SOCIAL_WORKERS and set(self.documented_by) != set(known):
            raise ValueError(f"`documentedBy` names all of {', '.join(known)} here")
        return self


class RequirementPart(AlternativePart):
    """One requirement, or with `anyOf` several of which one must be met."""

    any_of: Annotated[list[AlternativePart], Field(min_length=2, max_length=20)] | None = None


RegistrarName = Literal["civil_affairs", "market_supervision", "public_institutions"]


class RegistrarPart(Part):
    """A registration department: the first one and two characters of its codes (GB 32100-2015), the ends of its names."""

    department: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]$")]
    kinds: Kinds
    authorities: Annotated[list[Words], Field(min_length=1, max_length=20)]
    national: Annotated[list[Words], Field(max_length=20)] = []


class RegistrationRulePart(Part):
    """The accepted registration departments: by name (`registrars`), or civil affairs alone."""

    agency_keywords: Annotated[list[Words], Field(max_length=50)] = []
    registrars: Annotated[list[RegistrarName | RegistrarPart], Field(min_length=1, max_length=20)] | None = None
    department: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]$")] | None = None
    kinds: Kinds | None = None
    statutory_persons: Annotated[list[LegalForm] | None, Field(max_length=10)] = None
    require_legal_person: StrictBool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        old = (self.department is None, self.kinds is None)
        if old != ((True, True) if self.registrars is not None else (False, False)):
            raise ValueError("either `registrars`, or `department` and `kinds`, are expected")
        return self


class RetirementAgePart(Part):
    """The retirement age of a sex (both if none is given) for persons born on or after a day."""

    years: Annotated[StrictInt, Field(ge=40, le=100)]
    months: Annotated[StrictInt, Field(ge=0, le=11)] = 0
    sex: Literal["male", "female"] | None = None
    born_from: date | None = None


class StaffPart(Part):
    """Rules for who counts as staff and as a social worker."""

    insurance_months: Annotated[StrictInt, Field(ge=1, le=120)] = 3
    minimum_age: Annotated[StrictInt, Field(ge=14, le=30)] = 16
    retirement_age: Annotated[StrictInt, Field(ge=40, le=100)] = 60
    retirement_ages: Annotated[list[RetirementAgePart], Field(max_length=200)] = []
    rehired_counts: StrictBool = False
    social_worker_levels: Annotated[
        list[Literal["assistant", "intermediate", "senior", "local"]], Field(min_length=1)
    ] = ["assistant", "intermediate", "senior"]


class CreditListPart(Part):
    """A list that must be consulted."""

    name: Identifier
    nature: ListNature
    title: Title2
    legal_basis: Articles = []


class CreditPart(Part):
    """Lists, cut-off day and maximum age of a snapshot."""

    cut_off: date | None = None
    max_age_days: Annotated[StrictInt, Field(ge=0, le=3650)] = 30
    candidate_threshold: Annotated[Decimal, Field(ge=Decimal("0.650"), le=1, decimal_places=3)] = Decimal("0.750")
    most_candidates: Annotated[StrictInt, Field(ge=1, le=200)] = 20
    lists: Annotated[list[CreditListPart], Field(max_length=50)]


class DivisionPart(Part):
    """An administrative division that is missing from the public table."""

    code: Division
    name: Words
    from_: Annotated[Year | None, Field(alias="from")] = None
    to: Year | None = None


class PolicyDocument(Part):
    """A whole policy 评审规则; a tender made from it needs the `tender` part, or states lots, scheme and award itself."""

    id: Identifier
    version: Words
    title: Title2
    law: Title2
    in_force: InForce
    requirements: Annotated[list[RequirementPart], Field(min_length=1, max_length=100)]
    registration: RegistrationRulePart
    staff: StaffPart = StaffPart()
    credit: CreditPart = CreditPart(lists=[])
    divisions: Annotated[list[DivisionPart], Field(max_length=1000)] = []
    committee_required: Annotated[
        bool, Field(description="Whether lots are ranked and awarded by a committee only (财政部令第87号 第四十七条)")
    ] = True
    approvals: Annotated[
        list[Act],
        Field(
            max_length=20,
            description="Acts that need two persons (政府采购法 第六十一条); all of a tender if not stated",
        ),
    ] = sorted(OF_TENDER)
    tender: TenderPart | None = None

    def every_requirement(self) -> list[AlternativePart]:
        """Return all requirements and their alternatives."""
        return [part for one in self.requirements for part in (one, *(one.any_of or ()))]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [one.id for one in self.every_requirement()]
        if len(set(ids)) < len(ids):
            raise ValueError("each requirement and alternative has an id of its own")
        names = [one.name for one in self.credit.lists]
        if len(set(names)) < len(names):
            raise ValueError("each credit list is named once")
        return self

    @model_validator(mode="after")
    def _of_tender(self) -> Self:
        if not set(self.approvals) <= OF_TENDER or len(set(self.approvals)) < len(self.approvals):
            raise ValueError(f"`approvals` names acts of a tender, each once: {', '.join(sorted(OF_TENDER))}")
        return self

    @model_validator(mode="after")
    def _based(self) -> Self:
        """Reject a check without criteria: every bidder, or none, would meet it."""
        checks = {one.check for one in self.every_requirement()}
        if Check.CREDIT_RECORD in checks and not self.credit.lists:
            raise ValueError("`credit.lists` names at least one list where the credit record is a requirement")
        if Check.PROFESSIONAL_AGENCY in checks and not self.registration.agency_keywords:
            raise ValueError("`registration.agencyKeywords` is needed where a professional agency is a requirement")
        return self
