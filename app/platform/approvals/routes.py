"""Approvals over HTTP: the proposals that wait for a second person, and the answers to them."""

from functools import partial
from typing import Annotated

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.platform.approvals import service
from app.platform.approvals.carrying_out import carry_out
from app.platform.approvals.schemas import AgreedOut, AgreementIn, ApprovalOut, ApprovalState, DeclineIn
from app.platform.approvals.tables import Approval
from app.platform.unit_of_work import UnitOfWork, Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import etag
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/approvals", tags=["approvals"])


@router.get("")
def list_approvals(
    work: Work,
    paging: Paging,
    state: Annotated[ApprovalState | None, Query()] = None,
    tender: Annotated[Id | None, Query(alias="tenderId")] = None,
) -> Page[ApprovalOut]:
    """List proposals of acts that need two persons, the newest first."""
    query = service.listing(work, state, tender)
    return paging.page(work.session, query, key=Approval.id, view=partial(_out, work), descending=True)


@router.get("/{approval_id}")
def read_approval(approval_id: Id, work: Work, response: Response) -> ApprovalOut:
    """Return a proposal with everything that it would change."""
    row = service.find(work, approval_id)
    response.headers["ETag"] = etag(row.version)
    return _out(work, row)


@router.post("/{approval_id}/agree")
async def agree_approval(approval_id: Id, body: AgreementIn, work: Work, request: Request) -> AgreedOut:
    """Agree as the second person: the act is carried out as it was shown, in the name of both."""
    row, given = await run_in_threadpool(service.taken_up, work, approval_id, body.request)
    result = await carry_out(request, work, row, given)
    return AgreedOut(approval=await run_in_threadpool(_out, work, row), result=result)


@router.post("/{approval_id}/decline")
def decline_approval(approval_id: Id, body: DeclineIn, work: Work) -> ApprovalOut:
    """Decline a proposal with a reason; nothing is changed."""
    return _out(work, service.decline(work, approval_id, body.reason))


@router.post("/{approval_id}/withdraw")
def withdraw_approval(approval_id: Id, work: Work) -> ApprovalOut:
    """Withdraw one's own proposal."""
    return _out(work, service.withdraw(work, approval_id))


def _out(work: UnitOfWork, row: Approval) -> ApprovalOut:
    return ApprovalOut.of(row, work.now)
