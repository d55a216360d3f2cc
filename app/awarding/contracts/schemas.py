"""Contracts on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field

from app.awarding.contracts.tables import Contract, ContractMilestone, LatenessProposal
from app.core.procedure.contract import Consequence, ContractState, Milestone, Nature, nature
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Amount, Chars, Day, Id, whole

Reason = Annotated[str, Chars(1, 2_000)]
Number = Annotated[str, Chars(1, 200)]
Classes = Annotated[list[Annotated[str, Chars(1, 80)]], Field(max_length=50)]
Heads = Annotated[int, whole(0)]


class PromiseIn(Input):
    """The contracted scope: classes of service, people or families served."""

    classes: Classes
    heads: Heads


class ContractIn(Input):
    """A contract for an award, with the days by which the team is formed, trained and stationed."""

    tender: Annotated[Id, Field(alias="tenderId")]
    award: Id
    promise: PromiseIn
    team_formed_by: Day
    trained_by: Day | None = None
    stationed_by: Day


class Signature(Input):
    """The day of the signature."""

    signed_on: Day


class ContractEnd(Input):
    """The new state of a contract and the reason; `held` and `pending` suspend and resume it for a question."""

    state: Literal["held", "pending", "complete", "terminated", "cancelled"]
    reason: Reason


class Reached(Input):
    """The day on which a milestone was reached, and the evidence."""

    reached_on: Day
    evidence: Annotated[str, Chars(1, 400)]


class ContractChangeIn(Input):
    """A change of content (方案第三部分): the new scope, and the filed approvals."""

    classes: Classes
    heads: Heads
    price: Amount
    district_approval: Number | None = None
    city_approval: Number | None = None
    reason: Reason


class Decision(Input):
    """An officer's decision on a proposal."""

    decision: Literal["accepted", "dismissed"]
    reason: Reason


class FinanceDecision(Input):
    """The finance department's decision: its number, and the debarment term of the contractor."""

    number: Number
    barred_from: Day
    barred_to: Day


class MilestoneOut(Output):
    """A milestone."""

    id: str
    milestone: Milestone
    due_on: date
    reached_on: date | None
    evidence: str | None
    version: int

    @classmethod
    def of(cls, row: ContractMilestone) -> Self:
        """Build from its row."""
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


class PromiseOut(Output):
    """The contracted scope."""

    classes: list[str]
    heads: int


class ContractOut(OfTender):
    """A contract; price in yuan."""

    id: str
    tender_id: str
    lot_id: str
    award: str
    organization_id: str
    price: Amount
    state: ContractState
    reason: str | None
    signed_on: date | None
    promise: PromiseOut
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: Contract) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            lot_id=row.lot_id,
            award=row.award_id,
            organization_id=row.organization_id,
            price=Decimal(row.price),
            state=ContractState(row.state),
            reason=row.reason,
            signed_on=row.signed_on,
            promise=PromiseOut.model_validate(row.promise),
            version=row.version,
            created_at=row.created_at,
        )


class ProposalOut(Output):
    """A proposed consequence of a delay; `nature` is the effect of an accepted entry in later tenders."""

    id: str
    contract: str
    milestone: str
    organization_id: str
    consequence: Consequence
    days_late: int
    computed_on: date
    state: Literal["open", "accepted", "dismissed"]
    reason: str | None
    decided_by: str | None
    finance_decision: str | None
    barred_from: date | None
    barred_to: date | None
    nature: Nature
    version: int

    @classmethod
    def of(cls, row: LatenessProposal) -> Self:
        """Build from its row."""
        renamed = {"contract": row.contract_id, "milestone": row.milestone_id}
        plain = set(cls.model_fields) - set(renamed) - {"nature"}
        values = {name: getattr(row, name) for name in plain}
        return cls.model_validate({**values, **renamed, "nature": nature(row.finance_decision)})
