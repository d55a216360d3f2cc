"""Score sheets and rankings over HTTP."""

from fastapi import Response

from app.awarding.evaluation import service, sheets, signatures
from app.awarding.evaluation.openapi_input import RANKING_INPUT
from app.awarding.evaluation.ranking_json import preview_json
from app.awarding.evaluation.schemas import (
    RankingCompared,
    RankingOut,
    RankingReplay,
    RankingResult,
    ScoreSheetIn,
    ScoreSheetOut,
    SignatureIn,
    SignatureOut,
    Signatures,
)
from app.awarding.evaluation.tables import ScoreSheet, StoredRanking
from app.core.evaluation.report import Stand
from app.core.values.engine_version import ENGINE_VERSION
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.raw import JsonBytes, json_body
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(tags=["evaluation"])


@router.post("/lots/{lot_id}/score-sheets", status_code=201)
def record_score_sheet(lot_id: Id, body: ScoreSheetIn, work: Work, response: Response) -> ScoreSheetOut:
    """Record a member's sheet for a lot, or one that replaces it."""
    sheet = sheets.record(work, lot_id, body)
    response.headers["Location"] = f"/api/v1/lots/{lot_id}/score-sheets/{sheet.id}"
    return ScoreSheetOut.of(sheet)


@router.get("/lots/{lot_id}/score-sheets")
def list_score_sheets(lot_id: Id, work: Work, paging: Paging) -> Page[ScoreSheetOut]:
    """List the score sheets of a lot; until all members have submitted, only one's own."""
    return paging.page(work.session, sheets.listing(work, lot_id), key=ScoreSheet.id, view=ScoreSheetOut.of)


@router.get("/lots/{lot_id}/score-sheets/{sheet_id}")
def read_score_sheet(lot_id: Id, sheet_id: Id, work: Work) -> ScoreSheetOut:
    """Return one sheet."""
    return ScoreSheetOut.of(sheets.find(work, lot_id, sheet_id))


@router.post("/lots/{lot_id}/ranking", status_code=201)
def compute_ranking(lot_id: Id, work: Work, response: Response) -> RankingOut:
    """Rank the lot from its bids and sheets; the ranking is immutable, a later one has the next number."""
    row = service.rank(work, lot_id)
    response.headers["Location"] = f"/api/v1/rankings/{row.id}"
    return RankingOut.of(row)


@router.get("/lots/{lot_id}/ranking")
def read_newest_ranking(lot_id: Id, work: Work) -> RankingOut:
    """Return the newest ranking of the lot."""
    return RankingOut.of(service.find_newest(work, lot_id))


@router.get("/lots/{lot_id}/rankings")
def list_rankings(lot_id: Id, work: Work, paging: Paging) -> Page[RankingOut]:
    """List every ranking of the lot, newest first."""
    query = service.listing(work, lot_id)
    return paging.page(work.session, query, key=StoredRanking.id, view=RankingOut.of, descending=True)


@router.post("/rankings/preview", openapi_extra=json_body(RANKING_INPUT))
def preview_ranking(body: JsonBytes) -> RankingResult:
    """Rank the bids in the request, as `bidscreen rank` does; nothing is stored."""
    result = preview_json(body)
    service.refuse(result)
    return RankingResult.model_validate(result)


@router.get("/rankings/{ranking_id}")
def read_ranking(ranking_id: Id, work: Work) -> RankingOut:
    """Return one stored ranking."""
    return RankingOut.of(service.find(work, ranking_id))


@router.post("/rankings/{ranking_id}/replay")
def replay_ranking(ranking_id: Id, work: Work) -> RankingReplay:
    """Recompute the ranking from its stored input and compare."""
    replayed = service.replay(work, ranking_id)
    row = replayed.row
    return RankingReplay(
        ranking=row.id,
        identical=replayed.identical,
        input_hash=RankingCompared(stored=row.input_hash, computed=replayed.input_hash),
        result_hash=RankingCompared(stored=row.result_hash, computed=replayed.result_hash),
        engine_version=RankingCompared(stored=row.engine_version, computed=ENGINE_VERSION),
    )


@router.post("/rankings/{ranking_id}/signatures", status_code=201)
def sign_ranking(ranking_id: Id, body: SignatureIn, work: Work) -> SignatureOut:
    """Sign the evaluation report of a lot, or state a dissent with its reasons."""
    row = signatures.sign(work, ranking_id, body)
    return SignatureOut.of(row.member, Stand.AGREED if row.agrees else Stand.DISSENTED, row)


@router.get("/rankings/{ranking_id}/signatures")
def list_ranking_signatures(ranking_id: Id, work: Work) -> Signatures:
    """List each member's position on the evaluation report."""
    listed = signatures.report(work, ranking_id)
    return Signatures(items=[SignatureOut.of(one.member, one.stand, one.signature) for one in listed])
