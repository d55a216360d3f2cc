"""Screenings over HTTP: created once, readable and replayable for years."""

from typing import Annotated

from fastapi import Query, Response

from app.core.facts.outcome import Verdict
from app.core.values.engine_version import ENGINE_VERSION
from app.examination.screening import service
from app.examination.screening.explanation import explain
from app.examination.screening.result_schemas import ScreeningResult
from app.examination.screening.schemas import (
    BatchIn,
    Changed,
    ExplanationOut,
    ReplayOut,
    ScreeningCompared,
    ScreeningIn,
    ScreeningOut,
    WhatIfIn,
    WhatIfOut,
)
from app.examination.screening.tables import ScreeningRun
from app.examination.screening.what_if import what_if
from app.platform.jobs.schemas import JobOut
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/screenings", tags=["screenings"])


@router.post("", status_code=201, response_model=ScreeningResult)
def create_screening(body: ScreeningIn, work: Work) -> Response:
    """Screen one organization within a tender, or one dossier; the run is immutable."""
    run = service.create(work, body)
    return _result(run, 201)


def _result(run: ScreeningRun | service.StoredResult, status: int) -> Response:
    headers = {"Location": f"/api/v1/screenings/{run.id}", "ETag": f'"{run.result_hash}"'}
    return Response(run.result, status, headers, media_type="application/json")


@router.get("")
def list_screenings(
    work: Work,
    paging: Paging,
    tender: Annotated[Id | None, Query(alias="tenderId")] = None,
    organization: Annotated[Id | None, Query(alias="organizationId")] = None,
    batch: Annotated[Id | None, Query()] = None,
    verdict: Annotated[Verdict | None, Query()] = None,
) -> Page[ScreeningOut]:
    """List screenings, newest first."""
    query = service.listing(
        work, tender=tender, organization=organization, batch=batch, verdict=verdict.value if verdict else None
    )
    return paging.page(work.session, query, key=ScreeningRun.id, view=ScreeningOut.of, descending=True)


@router.post("/batch", status_code=202)
def create_screening_batch(body: BatchIn, work: Work, response: Response) -> JobOut:
    """Screen many as a job; `GET /screenings?batch=` lists the results."""
    job = service.create_batch(work, body)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job


@router.post("/what-if")
def ask_what_if(body: WhatIfIn, work: Work) -> WhatIfOut:
    """Compute a what-if result; nothing is stored.

    A client key cannot set ID numbers (403 `numbers_fixed`); how many an officer sets is recorded in the audit trail.
    """
    answer = what_if(work, body)
    before = {one["id"]: one["outcome"] for one in answer.before["requirements"]}
    after = {one["id"]: one["outcome"] for one in answer.after["requirements"]}
    return WhatIfOut(
        screening=body.screening,
        verdict=ScreeningCompared(stored=answer.before["verdict"], computed=answer.after["verdict"]),
        changed=[
            Changed(requirement=name, before=before.get(name), after=after.get(name))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ],
        result=dict(answer.after),
    )


@router.get("/{screening_id}", response_model=ScreeningResult)
def read_screening(screening_id: Id, work: Work) -> Response:
    """Return the result byte for byte as it was computed."""
    return _result(service.stored_result(work, screening_id), 200)


@router.get("/{screening_id}/explanation")
def explain_screening(screening_id: Id, work: Work) -> ExplanationOut:
    """Explain a screening in plain Chinese, with the evidence; bidders see their own."""
    return explain(work, screening_id)


@router.post("/{screening_id}/replay")
def replay_screening(screening_id: Id, work: Work) -> ReplayOut:
    """Recompute the result from the stored input, and compare."""
    replayed = service.replay(work, screening_id)
    run, now = replayed.run, replayed.result
    return ReplayOut(
        screening=run.id,
        identical=(run.input_hash, run.result_hash) == (now["inputHash"], now["resultHash"]),
        input_hash=ScreeningCompared(stored=run.input_hash, computed=now["inputHash"]),
        result_hash=ScreeningCompared(stored=run.result_hash, computed=now["resultHash"]),
        engine_version=ScreeningCompared(stored=run.engine_version, computed=ENGINE_VERSION),
    )
