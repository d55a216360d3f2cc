"""The shape of a policy document: every key named, every figure bounded, nothing unknown accepted."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from app.core.facts.policy import Check, ListNature

Words = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Articles = Annotated[list[Words], Field(max_length=20)]
Division = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]
Year = Annotated[StrictInt, Field(ge=1949, le=2200)]
Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4)]
Money = Annotated[Decimal, Field(gt=0, le=Decimal("1e12"), decimal_places=2)]


class Part(BaseModel):
    """Base of every part: camelCase keys, unknown ones refused, values never coerced between kinds."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, coerce_numbers_to_str=False)


class Words2(Part):
    """A text in both languages."""

    zh: Words
    en: Words


class InForce(Part):
    """Days on which the law behind the policy is in force."""

    from_: Annotated[date, Field(alias="from")]
    to: date | None


class RequirementPart(Part):
    """One requirement; `check` defaults to the id."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    check: Check | None = None
    title: Words2
    legal_basis: Articles
    weight: Annotated[Decimal, Field(gt=0, le=1000, decimal_places=4)] = Decimal(1)
    minimum: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    declaration: Identifier | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_check(cls, data: Any) -> Any:
        if isinstance(data, dict) and "check" not in data and data.get("id") in {check.value for check in Check}:
            return {**data, "check": data["id"]}
        return data

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.check is None:
            raise ValueError("`check` is needed where the id is not the name of a check")
        if (self.minimum is None) == (self.check in {Check.FULL_TIME_STAFF, Check.SOCIAL_WORKERS}):
            raise ValueError("`minimum` is needed for counts, and only there")
        if self.check is Check.DECLARATION and self.declaration is None:
            raise ValueError("`declaration` is needed where the check is a declaration")
        return self


class RegistrationPart(Part):
    """What a registration must show."""

    agency_keywords: Annotated[list[Words], Field(min_length=1, max_length=50)]
    department: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]$")]
    kinds: Annotated[list[Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2}$")]], Field(min_length=1)]
    require_legal_person: StrictBool


class StaffPart(Part):
    """Who counts as staff and as a social worker."""

    insurance_months: Annotated[StrictInt, Field(ge=1, le=120)]
    minimum_age: Annotated[StrictInt, Field(ge=14, le=30)]
    retirement_age: Annotated[StrictInt, Field(ge=40, le=100)]
    rehired_counts: StrictBool
    social_worker_levels: Annotated[list[Literal["assistant", "intermediate", "senior", "local"]], Field(min_length=1)]


class CreditListPart(Part):
    """A list that must be consulted."""

    name: Identifier
    nature: ListNature
    title: Words2
    legal_basis: Articles


class CreditPart(Part):
    """Lists, cut-off and age of a snapshot."""

    cut_off: date | None
    max_age_days: Annotated[StrictInt, Field(ge=0, le=3650)]
    candidate_threshold: Annotated[Decimal, Field(ge=Decimal("0.650"), le=1, decimal_places=3)] = Decimal("0.750")
    most_candidates: Annotated[StrictInt, Field(ge=1, le=200)] = 20
    lists: Annotated[list[CreditListPart], Field(max_length=50)]


class DivisionPart(Part):
    """A division that the public table lacks."""

    code: Division
    name: Words
    from_: Annotated[Year | None, Field(alias="from")] = None
    to: Year | None = None


class LotPart(Part):
    """A lot 采购单元; value in yuan."""

    id: Identifier
    name: Words
    district: Words
    value: Money


class ServicePlanPart(Part):
    """Figures of the service plan, for one lot a year."""

    minimum_people_or_families: Annotated[StrictInt, Field(ge=0)]
    minimum_case_work_share: Annotated[Decimal, Field(ge=0, le=1)]
    obligatory_items: list[Words]
    minimum_further_capacity_items: Annotated[StrictInt, Field(ge=0)]
    minimum_large_activities: Annotated[StrictInt, Field(ge=0)]
    minimum_small_activities: Annotated[StrictInt, Field(ge=0)]
    minimum_further_governance_items: Annotated[StrictInt, Field(ge=0)]
    minimum_communities: Annotated[StrictInt, Field(ge=0)]
    legal_basis: Articles


class PricePart(Part):
    """Price points and formula."""

    points: Points
    formula: Literal["lowest_price", "fixed", "most_offered"]


class FactorPart(Part):
    """A scoring factor 评审因素."""

    id: Identifier
    title: Words2
    points: Points
    objective: StrictBool
    technical: StrictBool


class RoundingPart(Part):
    """Decimal places of each rounded score."""

    places: Annotated[StrictInt, Field(ge=0, le=6)]


class SchemePart(Part):
    """Comprehensive scoring 综合评分法."""

    price: PricePart
    factors: Annotated[list[FactorPart], Field(min_length=1, max_length=100)]
    rounding: RoundingPart
    min_bidders: Annotated[StrictInt, Field(ge=1, le=100)]
    tie_break: list[Literal["price", "technical", "lot_draw"]]
    abnormally_low_share: Annotated[Decimal, Field(gt=0, le=1)]
    legal_basis: Articles


class LimitsPart(Part):
    """How many lots one supplier may win; null is no limit."""

    maximum_lots_awarded_per_supplier: Annotated[StrictInt, Field(ge=1)] | None
    per_supplier: dict[Words, Annotated[StrictInt, Field(ge=0)] | None]


class AwardPart(Part):
    """The award rule that the tender publishes."""

    rule: Literal["independent", "sequential", "optimal"]
    objective: Literal["total_score", "total_price"]
    limits: LimitsPart
    lot_order: list[Identifier]


class FundPart(Part):
    """Where the money comes from, yuan."""

    source: Words2
    lots: Money
    evaluation: Money
    total: Money

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.lots + self.evaluation != self.total:
            raise ValueError("`total` is the sum of `lots` and `evaluation`")
        return self


class PartiesPart(Part):
    """委托方, 采购方, 受益方, 承接方, 评估方; the last two are known once they are chosen."""

    commissioner: Words2
    purchasers: Words2
    beneficiaries: Words2
    contractor: Words2 | None = None
    evaluator: Words2 | None = None


class SchedulePart(Part):
    """The plan's dates; null where each tender sets its own."""

    tender_by: date | None
    team_by: date | None
    training_by: date | None = None
    term_from: date | None
    term_to: date | None


class TenderPart(Part):
    """The plan of the tender that the policy belongs to."""

    title: Words2
    legal_basis: Articles
    parties: PartiesPart
    fund: FundPart
    schedule: SchedulePart
    ceiling: Money
    lots: Annotated[list[LotPart], Field(min_length=1, max_length=1000)]
    service_plan: ServicePlanPart
    scheme: SchemePart
    award: AwardPart

    @model_validator(mode="after")
    def _lots_agree(self) -> Self:
        ids = [lot.id for lot in self.lots]
        if len(set(ids)) < len(ids):
            raise ValueError("each lot has an id of its own")
        if not set(self.award.lot_order) <= set(ids):
            raise ValueError("`award.lotOrder` names only lots of the tender")
        return self


class PolicyDocument(Part):
    """A whole policy."""

    id: Identifier
    version: Words
    title: Words2
    law: Words2
    in_force: InForce
    requirements: Annotated[list[RequirementPart], Field(min_length=1, max_length=100)]
    registration: RegistrationPart
    staff: StaffPart
    credit: CreditPart
    divisions: Annotated[list[DivisionPart], Field(max_length=1000)] = []
    committee_required: Annotated[
        bool, Field(description="Whether lots are ranked and awarded by a committee only (财政部令第87号 第四十七条)")
    ] = True
    tender: TenderPart | None = None

    @model_validator(mode="after")
    def _unique(self) -> Self:
        for what, ids in (("requirement", [one.id for one in self.requirements]),):
            if len(set(ids)) < len(ids):
                raise ValueError(f"each {what} has an id of its own")
        names = [one.name for one in self.credit.lists]
        if len(set(names)) < len(names):
            raise ValueError("each credit list is named once")
        return self
