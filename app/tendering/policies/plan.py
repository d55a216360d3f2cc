"""The `tender` part of a policy: lots, scoring scheme, award rule, parties, fund and schedule."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from app.tendering.policies.parts import (
    Articles,
    Identifier,
    Money,
    Part,
    Points,
    Title2,
    Words,
)


class LotPart(Part):
    """A lot 采购单元; value in yuan."""

    id: Identifier
    name: Words
    district: Annotated[str, StringConstraints(max_length=400)] = ""
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
    title: Title2
    points: Points
    objective: StrictBool = False
    technical: StrictBool = False


class RoundingPart(Part):
    """Decimal places of each rounded score."""

    places: Annotated[StrictInt, Field(ge=0, le=6)]


class SchemePart(Part):
    """Comprehensive scoring 综合评分法."""

    price: PricePart
    factors: Annotated[list[FactorPart], Field(min_length=1, max_length=100)]
    rounding: RoundingPart = RoundingPart(places=2)
    min_bidders: Annotated[StrictInt, Field(ge=1, le=100)] = 3
    tie_break: list[Literal["price", "technical", "lot_draw"]] = ["price", "technical", "lot_draw"]
    abnormally_low_share: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.80")
    legal_basis: Articles = []


class LimitsPart(Part):
    """How many lots one supplier may win; null is no limit."""

    maximum_lots_awarded_per_supplier: Annotated[StrictInt, Field(ge=1)] | None = None
    per_supplier: dict[Words, Annotated[StrictInt, Field(ge=0)] | None] = {}


class AwardPart(Part):
    """The award rule that the tender publishes."""

    rule: Literal["independent", "sequential", "optimal"] = "sequential"
    objective: Literal["total_score", "total_price"] = "total_score"
    limits: LimitsPart = LimitsPart()
    lot_order: Annotated[list[Identifier], Field(description="Empty: the order of the lots")] = []


class FundPart(Part):
    """Where the money comes from, yuan."""

    source: Title2
    lots: Money
    evaluation: Money
    total: Money

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.lots + self.evaluation != self.total:
            raise ValueError("`total` is the sum of `lots` and `evaluation`")
        return self


class PartiesPart(Part):
    """委托方, 采购方, 受益方, 承接方, 评估方; a tender has purchasers, the others where its plan names them."""

    commissioner: Title2 | None = None
    purchasers: Title2
    beneficiaries: Title2 | None = None
    contractor: Title2 | None = None
    evaluator: Title2 | None = None


class SchedulePart(Part):
    """The plan's dates; null where each tender sets its own."""

    tender_by: date | None = None
    team_by: date | None = None
    training_by: date | None = None
    term_from: date | None = None
    term_to: date | None = None


class TenderPart(Part):
    """The plan of the tender that the policy belongs to."""

    title: Title2
    legal_basis: Articles = []
    parties: PartiesPart | None = None
    fund: FundPart | None = None
    schedule: SchedulePart | None = None
    ceiling: Money
    lots: Annotated[list[LotPart], Field(min_length=1, max_length=1000)]
    service_plan: ServicePlanPart | None = None
    scheme: SchemePart
    award: AwardPart = AwardPart()

    @model_validator(mode="after")
    def _lots_agree(self) -> Self:
        ids = [lot.id for lot in self.lots]
        if len(set(ids)) < len(ids):
            raise ValueError("each lot has an id of its own")
        if not set(self.award.lot_order) <= set(ids):
            raise ValueError("`award.lotOrder` names only lots of the tender")
        return self
