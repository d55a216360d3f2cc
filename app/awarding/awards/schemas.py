"""Award scenarios and awards on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from app.awarding.awards.tables import Award, AwardScenario
from app.awarding.computed import ComputedOut, computed_fields
from app.core.awards.assignment import AwardState, Reason, Rule
from app.platform.web.schema import Input, Output
from app.platform.web.types import Amount, Chars, Id

Why = Annotated[str, Chars(1, 2_000)]


class Assigned(Output):
    """A lot and who would win it."""

    lot: str
    bidder: str
    bid: str


class LeftOver(Output):
    """A lot that nobody would win; `limits` are the bidders that have reached theirs."""

    lot: str
    reason: Reason
    limits: list[str]


class Alternative(Output):
    """What another rule would give."""

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
    """A lot whose best rank several bidders share: a person settles it (财政部令第87号 第六十八条)."""

    lot: str
    bidders: list[str]


class ScenarioOut(ComputedOut):
    """A scenario as `bidscreen awards` prints it, and where it stands.

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
    rankings: Annotated[dict[str, str] | None, Field(description="Lot → ranking it rests on; null: given rankings")]

    @classmethod
    def of(cls, row: AwardScenario) -> Self:
        """From its row."""
        own = {"published": row.published, "rankings": row.rankings}
        return cls.model_validate({**computed_fields(row, row.tender_id), **own})


class AwardsIn(Input):
    """The decision: the scenario it follows, and for which lots (none named: all of them)."""

    scenario: Id
    lots: Annotated[list[Id], Field(min_length=1, max_length=2_000)] | None = None
    reason: Why | None = None


class AwardChange(Input):
    """An award taken back, and why; the lot can then be decided anew.

    `winnerFalls`: the winner gave it up or may not have it (实施条例 第四十九条): the next in rank follows.
    """

    state: Literal["cancelled"]
    winner_falls: bool = False
    reason: Why


class AwardOut(Output):
    """The decision on one lot; price in yuan as offered."""

    id: str
    tender: str
    lot: str
    state: AwardState
    bid: str | None
    organization: str | None
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
        """From its row."""
        return cls(
            id=row.id,
            tender=row.tender_id,
            lot=row.lot_id,
            state=AwardState(row.state),
            bid=row.bid_id,
            organization=row.organization_id,
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
    """What one decision awarded, in the order of the tender's lots."""

    items: list[AwardOut]
