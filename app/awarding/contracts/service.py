"""Contracts from award to end: signed unless suspended, changed within the plan's limits."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from app.awarding.awards.service import find as find_award
from app.awarding.contracts.schemas import ContractChangeIn, ContractEnd, ContractIn, Reached
from app.awarding.contracts.tables import Contract, ContractChange, ContractMilestone
from app.core.awards.assignment import AwardState
from app.core.procedure.contract import CONTRACT, Approvals, ContractState, Milestone, Promise, change_faults
from app.core.procedure.state_machine import Mover
from app.core.procedure.tender_state import TenderState
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.remedies.service import require_free_to_sign
from app.tendering.tenders.practice import tender_day
from app.tendering.tenders.procedure import procedure_of


class ContractStep(Conflict):
    """The contract's state does not allow this (app/core/procedure/contract.py)."""

    code, title = "contract_step", "The contract's state does not allow this step"
    subjects = ("contract",)
    article = "政府采购法 第四十六条、第五十条"


class ChangeRefused(Conflict):
    """A change of content beyond the plan's limits, or without its approvals."""

    code, title = "contract_change_refused", "The procurement plan does not allow this contract change"
    article = "关于扩大市级社区服务社会化试点的方案 第三部分"


def create(work: UnitOfWork, body: ContractIn) -> Contract:
    """Create an unsigned contract for a current award."""
    procedure_of(work, body.tender).require(TenderState.AWARDED, TenderState.COMPLETE)
    award = find_award(work, body.tender, body.award)
    if award.state != AwardState.ACTIVE or award.organization_id is None or award.price is None:
        raise ContractStep("A current award with a price is expected")
    row = Contract(
        tender_id=body.tender,
        lot_id=award.lot_id,
        award_id=award.id,
        organization_id=award.organization_id,
        price=award.price,
        promise=body.promise.model_dump(),
    )
    work.session.add(row)
    work.session.flush()
    days = {
        Milestone.TEAM_FORMED: body.team_formed_by,
        Milestone.TRAINED: body.trained_by,
        Milestone.STATIONED: body.stationed_by,
    }
    for milestone, day in days.items():
        if day is not None:
            work.session.add(ContractMilestone(contract_id=row.id, milestone=milestone.value, due_on=day))
    work.session.flush()
    after = {"award": award.id, "price": row.price, "days": {one.value: day for one, day in days.items()}}
    work.record(Event.OFFICER_CONTRACT_CREATE, subject=row.id, tender=row.tender_id, after=after)
    return row


def sign(work: UnitOfWork, row: Contract, signed_on: Any) -> Contract:
    """Record the signature; suspended while a question may change the result (实施条例 第五十四条)."""
    require_free_to_sign(work, row.tender_id, row.lot_id)
    if signed_on > tender_day(work, row.tender_id):
        raise Invalid(faults=[Fault("future", "A day that has come is expected", "/signedOn")])
    row.signed_on = signed_on
    return _move(work, row, ContractState.ACTIVE, None)


def end(work: UnitOfWork, row: Contract, body: ContractEnd) -> Contract:
    """Suspend, resume, complete, terminate or cancel a contract, with the reason."""
    return _move(work, row, ContractState(body.state), body.reason)


def _move(work: UnitOfWork, row: Contract, to: ContractState, reason: str | None) -> Contract:
    CONTRACT.require(ContractState(row.state), to, Mover.OFFICER)
    before = {"state": row.state}
    row.state, row.reason = to.value, reason
    work.session.flush()
    after = {"state": row.state, "reason": reason, "signedOn": row.signed_on}
    work.record(Event.OFFICER_CONTRACT_MOVE, subject=row.id, tender=row.tender_id, before=before, after=after)
    return row


def change(work: UnitOfWork, row: Contract, body: ContractChangeIn) -> Contract:
    """Change the scope: no class removed, no smaller headcount, district and city approvals filed (方案第三部分)."""
    if row.state != ContractState.ACTIVE:
        raise ContractStep
    before = Promise(frozenset(row.promise["classes"]), row.promise["heads"], row.price)
    after = Promise(frozenset(body.classes), body.heads, body.price)
    approvals = Approvals(body.district_approval is not None, body.city_approval is not None)
    faults = change_faults(before, after, approvals)
    if faults:
        raise ChangeRefused(", ".join(faults))
    changed = ContractChange(
        contract_id=row.id,
        before=_written(before),
        after=_written(after),
        district_approval=body.district_approval,
        city_approval=body.city_approval,
        reason=body.reason,
        recorded_by=work.principal.id,
    )
    row.promise, row.price = {"classes": body.classes, "heads": body.heads}, body.price
    work.session.add(changed)
    work.session.flush()
    what = {"before": changed.before, "after": changed.after, "change": changed.id}
    work.record(Event.OFFICER_CONTRACT_CHANGE, subject=row.id, tender=row.tender_id, after=what)
    return row


def _written(promise: Promise) -> dict[str, Any]:
    return {"classes": sorted(promise.classes), "heads": promise.heads, "price": Decimal(promise.amount)}


def reach(work: UnitOfWork, contract: Contract, milestone: ContractMilestone, body: Reached) -> ContractMilestone:
    """Record the day on which a milestone was reached, with the evidence."""
    if contract.state != ContractState.ACTIVE or milestone.reached_on is not None:
        raise ContractStep("A contract in force and an open milestone are expected")
    if body.reached_on > tender_day(work, contract.tender_id):
        raise Invalid(faults=[Fault("future", "A day that has come is expected", "/reachedOn")])
    milestone.reached_on, milestone.evidence = body.reached_on, body.evidence
    work.session.flush()
    after = {"milestone": milestone.milestone, "reachedOn": body.reached_on, "evidence": body.evidence}
    work.record(Event.OFFICER_MILESTONE_REACH, subject=milestone.id, tender=contract.tender_id, after=after)
    return milestone


def find(work: UnitOfWork, contract_id: str) -> Contract:
    """Return a contract; a bidder finds its own only."""
    row = work.get(Contract, contract_id)
    work.principal.require_organization(row.organization_id)
    return row


def find_milestone(work: UnitOfWork, contract: Contract, milestone_id: str) -> ContractMilestone:
    """Return a milestone of a contract."""
    row = work.get(ContractMilestone, milestone_id)
    if row.contract_id != contract.id:
        raise NotFound
    return row


def listing(work: UnitOfWork) -> Select[Any]:
    """Contracts; a bidder sees its own only."""
    query = select(Contract)
    scope = work.principal.organization_scope
    return query if scope is None else query.where(Contract.organization_id == scope)


def milestones_of(contract: Contract) -> Select[Any]:
    """Return the milestones of a contract."""
    return select(ContractMilestone).where(ContractMilestone.contract_id == contract.id)
