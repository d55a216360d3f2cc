"""Credit searches over HTTP."""

from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from app.examination.credit_searches import service
from app.examination.credit_searches.schemas import KeptQueryOut, MatchIn, MatchOut, WithdrawIn, WithdrawnOut
from app.examination.credit_searches.tables import CreditQuery
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(tags=["credit"])


@router.post("/credit/match")
def match_credit(body: MatchIn, work: Work) -> MatchOut:
    """Match one to 5,000 organizations. With a tender, its policy sets the thresholds and the search is recorded."""
    return MatchOut.model_validate(service.match(work, body))


@router.get("/credit/queries")
def list_credit_queries(
    work: Work, paging: Paging, tender_id: Annotated[Id, Query(alias="tenderId")]
) -> Page[KeptQueryOut]:
    """List the searches recorded in a tender, oldest first."""
    query = select(CreditQuery).where(CreditQuery.tender_id == tender_id)
    return paging.page(work.session, query, key=CreditQuery.id, view=KeptQueryOut.of)


@router.post("/credit-snapshots/{snapshot_id}/withdraw")
def withdraw_credit_snapshot(snapshot_id: Id, body: WithdrawIn, work: Work) -> WithdrawnOut:
    """Withdraw a wrong snapshot. The answer names the screenings that consulted it, which should be run again."""
    return service.withdraw_snapshot(work, snapshot_id, body)
