"""The awards and contracts sections: announced decisions only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.awarding.ocds import parties
from app.awarding.ocds.facts import Facts
from app.awarding.ocds.schemas import (
    AwardStatus,
    ContractStatus,
    MilestoneStatus,
    OcdsAward,
    OcdsContract,
    OcdsImplementation,
    OcdsMilestone,
)
from app.awarding.ocds.tender_section import end_of, start_of, yuan
from app.core.awards.assignment import AwardState
from app.core.procedure.contract import ContractState
from app.core.procedure.contract import Milestone as Obligation

_AWARD: dict[AwardState, AwardStatus] = {
    AwardState.PENDING: "pending",
    AwardState.ACTIVE: "active",
    AwardState.UNSUCCESSFUL: "unsuccessful",
    AwardState.CANCELLED: "cancelled",
}
_CONTRACT: dict[ContractState, ContractStatus] = {
    ContractState.PENDING: "pending",
    ContractState.HELD: "pending",
    ContractState.ACTIVE: "active",
    ContractState.COMPLETE: "terminated",  # OCDS: the contract was signed and is no longer in force
    ContractState.TERMINATED: "terminated",
    ContractState.CANCELLED: "cancelled",
}
_OBLIGATION = {
    Obligation.TEAM_FORMED: "组建专业团队",
    Obligation.TRAINED: "完成培训",
    Obligation.STATIONED: "派驻社区",
}


def awards_section(facts: Facts) -> list[OcdsAward]:
    """Return the announced awards, also those cancelled later."""
    bids = {bid.id: bid for bid in facts.bids}
    found = []
    for row in facts.awards:
        bid = bids.get(row.bid_id)
        found.append(
            OcdsAward(
                id=row.id,
                title=facts.procedure.lot(row.lot_id).name,
                description=row.reason,
                status=_AWARD[AwardState(row.state)],
                date=row.created_at,
                value=None if row.price is None else yuan(row.price),
                suppliers=parties.references(facts, parties.bidders(facts, bid)) if bid else [],
                related_lots=[row.lot_id],
                related_bid=row.bid_id,
            )
        )
    return found


def contracts_section(facts: Facts, today: date) -> list[OcdsContract]:
    """Return the contracts on announced awards, with their obligations; `today` decides which are overdue."""
    announced = {row.id for row in facts.awards}
    return [_contract(facts, row, rows, today) for row, rows in facts.contracts if row.award_id in announced]


def _contract(facts: Facts, row: Any, milestones: Sequence[Any], today: date) -> OcdsContract:
    return OcdsContract(
        id=row.id,
        award_id=row.award_id,
        title=facts.procedure.lot(row.lot_id).name,
        status=_CONTRACT[ContractState(row.state)],
        value=yuan(row.price),
        date_signed=start_of(row.signed_on) if row.signed_on else None,
        implementation=OcdsImplementation(milestones=[_milestone(one, today) for one in milestones])
        if milestones
        else None,
    )


def _milestone(row: Any, today: date) -> OcdsMilestone:
    status: MilestoneStatus = "met" if row.reached_on else "notMet" if row.due_on < today else "scheduled"
    return OcdsMilestone(
        id=row.id,
        title=_OBLIGATION[Obligation(row.milestone)],
        code=row.milestone,
        due_date=end_of(row.due_on),
        date_met=start_of(row.reached_on) if row.reached_on else None,
        status=status,
    )
