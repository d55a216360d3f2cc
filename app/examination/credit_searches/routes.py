"""Credit searches over HTTP."""

from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from app.core.procedure.deadlines import day_in_china
from app.evidence.credit import searching
from app.examination.credit_searches import service
from app.examination.credit_searches.schemas import KeptQueryOut, MatchIn, MatchOut
from app.examination.credit_searches.tables import CreditQuery
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.policies.loader import preset
from app.tendering.tenders.service import terms_of

router = Router(tags=["credit"])
DEFAULT_POLICY = "suzhou-current"  # whose thresholds hold for a search outside a tender


@router.post("/credit/match")
def match_credit(body: MatchIn, work: Work) -> MatchOut:
    """Search for one organization or thousands. With a tender its policy sets the thresholds and the record is kept."""
    terms = terms_of(work, body.tender_id) if body.tender_id else None
    rules = (terms.policy if terms else preset(DEFAULT_POLICY)).credit
    day = body.as_of or rules.cut_off or (terms and terms.as_of) or day_in_china(work.now)
    searched = searching.lists_to_search(work, body.lists, day, rules)
    work.close()  # thousands of searches need no database, and nobody should wait for its write lock meanwhile
    asked = {key: query.organization for key, query in body.queries.items()}
    answer = searching.answered(searched, day, rules, asked)
    if body.tender_id:
        service.keep(work, body.tender_id, day, body.model_dump(mode="json", by_alias=True), answer)
    return MatchOut.model_validate(answer)


@router.get("/credit/queries")
def list_credit_queries(
    work: Work, paging: Paging, tender_id: Annotated[Id, Query(alias="tenderId")]
) -> Page[KeptQueryOut]:
    """Searches kept with a tender, oldest first."""
    query = select(CreditQuery).where(CreditQuery.tender_id == tender_id)
    return paging.page(work.session, query, key=CreditQuery.id, view=KeptQueryOut.of)
