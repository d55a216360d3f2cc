"""Award scenarios and awards on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from app.awarding.awards.tables import Award, AwardScenario
from app.awarding.computed import ComputedOut, computed_fields
from app.core.awards.assignment import AwardState, Reason, Rule
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Amount, Chars, Id

Why = Annotated[str, Chars(1, 2_000)]


class Assigned(Output):
    """A lot and the bidder that would win it."""

    lot: str
    bidder: str
    bid: str


class LeftOver(Output):
    """A lot without a winner; `limits` lists the bidders that have reached their limit."""

    lot: str
    reason: Reason
    limits: list[str]


class Alternative(Output):
    """The result under another rule."""

    rule: Rule
    lots: int
    total_score: str
    total_price: str | None


class LimitExceeded(Output):
    """A bidder that wins more lots than its limit, under `independent`."""

    bidder: str
    limit: int
    lots: list[str]


class TiedLot(Output):
    """A lot whose first rank several bidders share; an officer must settle the tie (财政部令第87号 第六十八条)."""

    lot: str
    bidders: list[str]


class ScenarioOut(ComputedOut):
    """A scenario as `bidscreen awards` prints it, with its stored context.

    `published`: computed from the tender's newest rankings under its published rule, limits and order, so that it can be
    decided on. All others are analysis.
    """

    published: bool
    rule: Rule
    assignment: list[Assigned]
    unassigned: list[LeftOver]
    total_score: str
    total_price: str | None
    alternatives: list[Alternative]
    limits_exceeded: list[LimitExceeded]
    ties: list[TiedLot]
    rankings: Annotated[
        dict[str, str] | None, Field(description="Lot → stored ranking; null: rankings from the request")
    ]

    @classmethod
    def of(cls, row: AwardScenario) -> Self:
        """Build from its row."""
        own = {"published": row.published, "rankings": row.rankings}
        return cls.model_validate({**computed_fields(row, row.tender_id), **own})


class AwardsIn(Input):
    """The award decision: the scenario that it follows, and the lots that it covers (default: all)."""

    scenario: Id
    lots: Annotated[list[Id], Field(min_length=1, max_length=2_000)] | None = None
    reason: Why | None = None


class AwardChange(Input):
    """The cancellation of an award, with its reason; the lot can then be awarded again (实施条例 第四十九条).

    `winner_falls`: it is cancelled because the winner dropped out, so the next in rank may be awarded the lot.
    """

    state: Literal["cancelled"]
    winner_falls: bool = False
    reason: Why


class AwardOut(OfTender):
    """The decision on one lot; price in yuan as offered."""

    id: str
    tender_id: str
    lot_id: str
    state: AwardState
    bid: str | None
    organization_id: str | None
    price: Amount | None
    scenario: str
    ranking: str
    reason: str | None
    winner_falls: bool
    decided_by: str
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: Award) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            lot_id=row.lot_id,
            state=AwardState(row.state),
            bid=row.bid_id,
            organization_id=row.organization_id,
            price=row.price,
            scenario=row.scenario_id,
            ranking=row.ranking_id,
            reason=row.reason,
            winner_falls=row.winner_falls,
            decided_by=row.decided_by,
            version=row.version,
            created_at=row.created_at,
        )


class AwardList(Output):
    """The awards of one decision, in the order of the tender's lots."""

    items: list[AwardOut]
