"""Contracts over HTTP."""

from fastapi import Response

from app.awarding.contracts import lateness, service
from app.awarding.contracts.schemas import (
    ContractChangeIn,
    ContractEnd,
    ContractIn,
    ContractOut,
    Decision,
    FinanceDecision,
    MilestoneOut,
    ProposalOut,
    Reached,
    Signature,
)
from app.awarding.contracts.tables import Contract, ContractMilestone, LatenessProposal
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.schemas import JobOut
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/contracts", tags=["contracts"])


@router.post("", status_code=201)
def create_contract(body: ContractIn, work: Work, response: Response) -> ContractOut:
    """Record the contract for an award, with its milestones."""
    row = service.create(work, body)
    response.headers["Location"] = f"/api/v1/contracts/{row.id}"
    return _shown(row, response)


@router.get("")
def list_contracts(work: Work, paging: Paging) -> Page[ContractOut]:
    """List contracts; bidders see their own."""
    return paging.page(work.session, service.listing(work), key=Contract.id, view=ContractOut.of)


@router.post("/lateness-checks", status_code=202)
def check_lateness(work: Work, response: Response) -> JobOut:
    """Start the daily check of all contracts in force, as a job."""
    job = enqueue(work, lateness.KIND, {})
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return JobOut.of(job)


@router.get("/lateness-proposals")
def list_lateness_proposals(work: Work, paging: Paging) -> Page[ProposalOut]:
    """List proposed consequences of delays, decided or not."""
    return paging.page(work.session, lateness.listing(), key=LatenessProposal.id, view=ProposalOut.of)


@router.post("/lateness-proposals/{proposal_id}/decision")
def decide_lateness(proposal_id: Id, body: Decision, work: Work, if_match: IfMatch) -> ProposalOut:
    """Accept or dismiss a proposal."""
    row = lateness.find(work, proposal_id)
    require_match(if_match, row.version)
    return ProposalOut.of(lateness.decide(work, row, body))


@router.post("/lateness-proposals/{proposal_id}/finance-decision")
def record_finance_decision(proposal_id: Id, body: FinanceDecision, work: Work, if_match: IfMatch) -> ProposalOut:
    """Record the finance department's decision, from which on the entry bars."""
    row = lateness.find(work, proposal_id)
    require_match(if_match, row.version)
    return ProposalOut.of(lateness.bar(work, row, body))


@router.get("/{contract_id}")
def read_contract(contract_id: Id, work: Work, response: Response) -> ContractOut:
    """Return one contract."""
    return _shown(service.find(work, contract_id), response)


@router.post("/{contract_id}/signature")
def sign_contract(contract_id: Id, body: Signature, work: Work, if_match: IfMatch, response: Response) -> ContractOut:
    """Record the signature, unless a question or an order suspends it."""
    row = service.find(work, contract_id)
    require_match(if_match, row.version)
    return _shown(service.sign(work, row, body.signed_on), response)


@router.post("/{contract_id}/state")
def move_contract(contract_id: Id, body: ContractEnd, work: Work, if_match: IfMatch, response: Response) -> ContractOut:
    """Suspend, resume, complete, terminate or cancel a contract."""
    row = service.find(work, contract_id)
    require_match(if_match, row.version)
    return _shown(service.end(work, row, body), response)


@router.post("/{contract_id}/changes")
def change_contract(
    contract_id: Id, body: ContractChangeIn, work: Work, if_match: IfMatch, response: Response
) -> ContractOut:
    """Change the content of a contract within the plan's limits, citing the filed approvals."""
    row = service.find(work, contract_id)
    require_match(if_match, row.version)
    return _shown(service.change(work, row, body), response)


@router.get("/{contract_id}/milestones")
def list_milestones(contract_id: Id, work: Work, paging: Paging) -> Page[MilestoneOut]:
    """List the milestones of a contract."""
    query = service.milestones_of(service.find(work, contract_id))
    return paging.page(work.session, query, key=ContractMilestone.id, view=MilestoneOut.of)


@router.post("/{contract_id}/milestones/{milestone_id}/reached")
def reach_milestone(contract_id: Id, milestone_id: Id, body: Reached, work: Work, if_match: IfMatch) -> MilestoneOut:
    """Record that a milestone was reached, with the evidence."""
    contract = service.find(work, contract_id)
    row = service.find_milestone(work, contract, milestone_id)
    require_match(if_match, row.version)
    return MilestoneOut.of(service.reach(work, contract, row, body))


def _shown(row: Contract, response: Response) -> ContractOut:
    response.headers["ETag"] = etag(row.version)
    return ContractOut.of(row)
