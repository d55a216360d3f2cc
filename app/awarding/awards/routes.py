"""Award scenarios and awards over HTTP."""

from fastapi import Response

from app.awarding.awards import service
from app.awarding.awards.openapi_input import AWARD_INPUT
from app.awarding.awards.schemas import AwardChange, AwardList, AwardOut, AwardsIn, ScenarioOut
from app.awarding.awards.tables import Award, AwardScenario
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.raw import JsonBytes, json_body
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}", tags=["awards"])


@router.post("/award-scenarios", status_code=201, openapi_extra=json_body(AWARD_INPUT, required=False))
def compute_award_scenario(tender_id: Id, body: JsonBytes, work: Work, response: Response) -> ScenarioOut:
    """Compute an award scenario from the stored rankings under the published rule, or from the request for analysis."""
    row = service.compute(work, tender_id, body)
    response.headers["Location"] = f"/api/v1/tenders/{tender_id}/award-scenarios/{row.id}"
    return ScenarioOut.of(row)


@router.get("/award-scenarios")
def list_award_scenarios(tender_id: Id, work: Work, paging: Paging) -> Page[ScenarioOut]:
    """List the scenarios of a tender, newest first."""
    query = service.scenarios(work, tender_id)
    return paging.page(work.session, query, key=AwardScenario.id, view=ScenarioOut.of, descending=True)


@router.get("/award-scenarios/{scenario_id}")
def read_award_scenario(tender_id: Id, scenario_id: Id, work: Work) -> ScenarioOut:
    """Return one scenario."""
    return ScenarioOut.of(service.find_scenario(work, tender_id, scenario_id))


@router.post("/awards", status_code=201)
def decide_awards(tender_id: Id, body: AwardsIn, work: Work) -> AwardList:
    """Award the lots of a scenario under the published rule; each lot has at most one current award."""
    return AwardList(items=[AwardOut.of(award) for award in service.decide(work, tender_id, body)])


@router.get("/awards")
def list_awards(tender_id: Id, work: Work, paging: Paging) -> Page[AwardOut]:
    """List the awards of a tender, including cancelled ones."""
    return paging.page(work.session, service.listing(work, tender_id), key=Award.id, view=AwardOut.of)


@router.get("/awards/{award_id}")
def read_award(tender_id: Id, award_id: Id, work: Work, response: Response) -> AwardOut:
    """Return one award."""
    award = service.find(work, tender_id, award_id)
    response.headers["ETag"] = etag(award.version)
    return AwardOut.of(award)


@router.patch("/awards/{award_id}")
def cancel_award(
    tender_id: Id, award_id: Id, body: AwardChange, work: Work, if_match: IfMatch, response: Response
) -> AwardOut:
    """Cancel an award with a reason, so that the lot can be awarded again."""
    award = service.find(work, tender_id, award_id)
    require_match(if_match, award.version)
    changed = service.cancel(work, award, body)
    response.headers["ETag"] = etag(changed.version)
    return AwardOut.of(changed)
