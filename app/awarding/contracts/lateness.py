"""The daily job that proposes consequences of delays; officers decide, and the finance department bars."""

from typing import Any

from sqlalchemy import Select, select

from app.awarding.contracts.own_list import publish
from app.awarding.contracts.schemas import Decision, FinanceDecision
from app.awarding.contracts.tables import Contract, ContractMilestone, LatenessProposal
from app.core.procedure.contract import Consequence, ContractState, LatenessRules, consequences, days_late
from app.platform.audit.events import Event
from app.platform.jobs.run import JobRun
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.practice import tender_day

KIND = "contracts.lateness"
CHUNK = 100


class ProposalDecided(Conflict):
    """A proposal can be decided once; a decision of the finance department requires an accepted proposal."""

    code, title = "proposal_decided", "The proposal's state does not allow this step"


def run_daily(run: JobRun) -> dict[str, Any]:
    """Check every contract in force, in chunks; running it twice on a day creates no duplicate proposals."""
    last, proposed = run.checkpoint.get("last", ""), run.checkpoint.get("proposed", 0)
    done = 0
    while True:
        with run.chunk(done=done, total=None, checkpoint={"last": last, "proposed": proposed}) as work:
            query = select(Contract.id).where(Contract.state == ContractState.ACTIVE, Contract.id > last)
            ids = work.session.scalars(query.order_by(Contract.id).limit(CHUNK)).all()
            for contract_id in ids:
                proposed += propose(work, contract_id)
            if not ids:
                publish(work)
        if not ids:
            return {"proposed": proposed}
        last, done = ids[-1], done + len(ids)


def propose(work: UnitOfWork, contract_id: str, rules: LatenessRules | None = None) -> int:
    """Add the proposals due for a contract's milestones; return the number of new ones."""
    contract = work.get(Contract, contract_id)
    new, today = 0, tender_day(work, contract.tender_id)
    for row in work.session.scalars(select(ContractMilestone).where(ContractMilestone.contract_id == contract_id)):
        late = days_late(row.due_on, row.reached_on, today)
        for consequence in consequences(late, rules or LatenessRules()):
            new += _put(work, contract, row, consequence, late)
    return new


def _put(work: UnitOfWork, contract: Contract, milestone: ContractMilestone, what: Consequence, late: int) -> int:
    query = select(LatenessProposal).where(
        LatenessProposal.milestone_id == milestone.id, LatenessProposal.consequence == what.value
    )
    row = work.session.scalar(query)
    if row is not None:
        if row.state == "open" and row.days_late != late:
            row.days_late, row.computed_on = late, tender_day(work, contract.tender_id)
        return 0
    row = LatenessProposal(
        contract_id=contract.id,
        milestone_id=milestone.id,
        organization_id=contract.organization_id,
        consequence=what.value,
        days_late=late,
        computed_on=tender_day(work, contract.tender_id),
    )
    work.session.add(row)
    work.session.flush()
    after = {"contract": contract.id, "milestone": milestone.milestone, "consequence": what, "daysLate": late}
    work.record(Event.WORKER_LATENESS_PROPOSE, subject=row.id, tender=contract.tender_id, after=after)
    return 1


def decide(work: UnitOfWork, row: LatenessProposal, body: Decision) -> LatenessProposal:
    """Record an officer's decision to accept or dismiss; an accepted entry is a warning in later tenders."""
    if row.state != "open":
        raise ProposalDecided
    row.state, row.reason = body.decision, body.reason
    row.decided_by, row.decided_at = work.principal.id, work.now
    return _record(work, row)


def bar(work: UnitOfWork, row: LatenessProposal, body: FinanceDecision) -> LatenessProposal:
    """Record the finance department's decision, by which the entry bars for its term (政府采购法 第七十七条)."""
    if row.state != "accepted" or row.consequence != Consequence.BAD_RECORD:
        raise ProposalDecided
    if body.barred_to < body.barred_from:
        raise Invalid(faults=[Fault("term", "A term that ends after it begins is expected", "/barredTo")])
    row.finance_decision, row.barred_from, row.barred_to = body.number, body.barred_from, body.barred_to
    return _record(work, row)


def _record(work: UnitOfWork, row: LatenessProposal) -> LatenessProposal:
    work.session.flush()
    tender = work.get(Contract, row.contract_id).tender_id
    after = {"state": row.state, "reason": row.reason, "financeDecision": row.finance_decision, "to": row.barred_to}
    work.record(Event.OFFICER_LATENESS_DECIDE, subject=row.id, tender=tender, after=after)
    if row.state == "accepted":
        publish(work)
    return row


def listing() -> Select[Any]:
    """Select all proposals."""
    return select(LatenessProposal)


def find(work: UnitOfWork, proposal_id: str) -> LatenessProposal:
    """Return a proposal."""
    return work.get(LatenessProposal, proposal_id)
