"""Credit lists over HTTP: snapshots in, judgements remembered."""

from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import Form, Path, Query, Response
from sqlalchemy import select

from app.core.deadlines import day_in_china
from app.core.facts import Organization
from app.credit import searching, service, uploads
from app.credit.entries import ListUnreadable
from app.credit.holding import bad_rows, opened
from app.credit.judgements import NewJudgement, judge
from app.credit.mapping import STANDARD, ColumnMapping, read_mapping
from app.credit.match_schemas import KeptQueryOut, MatchIn, MatchOut
from app.credit.schemas import BadRowOut, CreditListOut, JudgementIn, JudgementOut, ListName, SnapshotOut
from app.credit.tables import CreditJudgement, CreditQuery, CreditSnapshot
from app.policies.loader import preset
from app.problems import Fault, Invalid, NotFound
from app.tenders.service import terms_of
from app.web.paging import Page, Paging
from app.web.routing import Router
from app.web.types import Day, Id, LongText, Text
from app.web.uploads import Upload
from app.work import Work

router = Router(tags=["credit"])
Listed = Annotated[ListName, Path()]
DEFAULT_POLICY = "suzhou-current"  # whose thresholds hold for a search outside a tender


class ListRefused(Invalid):
    """The file is no list that can be read; the snapshot before it stays in force."""

    code, title = "credit_list_unreadable", "The file could not be read as a credit list"


@router.get("/credit-lists")
def list_credit_lists(work: Work) -> list[CreditListOut]:
    """The lists that have a snapshot."""
    found = ((name, service.newest(work, name)) for name in service.imported_lists(work))
    return [CreditListOut(name=name, newest=SnapshotOut.of(row) if row else None) for name, row in found]


@router.post(
    "/credit-lists/{name}/snapshots",
    status_code=201,
    responses={202: {"model": SnapshotOut, "description": "A job imports it"}},
)
def create_credit_snapshot(  # noqa: PLR0913, PLR0917 - the parts of the form
    name: Listed,
    file: Upload,
    work: Work,
    response: Response,
    retrieved_at: Annotated[Day | None, Form(alias="retrievedAt")] = None,
    source: Annotated[Text | None, Form()] = None,
    coverage: Annotated[Text | None, Form()] = None,
    mapping: Annotated[LongText | None, Form()] = None,
) -> SnapshotOut:
    """Import a list as it stood on a day; what cannot be read leaves the old snapshot in force.

    Up to 4 MiB of CSV or JSON lines are imported at once (201); for more, and for XLSX, Parquet and packed files, a job does it
    (202, `jobId`), and the snapshot counts when its state is `ready`.
    """
    day: date = retrieved_at or day_in_china(work.now)
    origin = service.Origin(name, day, source, coverage, _mapping(mapping))
    row = uploads.take(work, origin, file.file)
    if row.state == "failed":
        raise ListRefused(faults=[Fault("credit_list", row.fault or "", "/file")])
    if row.state == "importing":
        response.status_code = 202
    response.headers["Location"] = f"/api/v1/credit-snapshots/{row.id}"
    return SnapshotOut.of(row)


def _mapping(text: str | None) -> ColumnMapping:
    if text is None:
        return STANDARD
    try:
        return read_mapping(text)
    except ListUnreadable as error:
        raise Invalid(faults=[Fault("mapping", str(error), "/mapping")]) from None


@router.get("/credit-lists/{name}/snapshots")
def list_credit_snapshots(name: Listed, work: Work, paging: Paging) -> Page[SnapshotOut]:
    """Snapshots of a list, newest first."""
    return paging.page(
        work.session, service.snapshots_of(name), key=CreditSnapshot.id, view=SnapshotOut.of, descending=True
    )


@router.get("/credit-snapshots/{snapshot_id}")
def read_credit_snapshot(snapshot_id: Id, work: Work) -> SnapshotOut:
    """One snapshot."""
    return SnapshotOut.of(work.get(CreditSnapshot, snapshot_id))


@router.get("/credit-snapshots/{snapshot_id}/bad-rows")
def list_bad_rows(snapshot_id: Id, work: Work, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> list[BadRowOut]:
    """Rows that were not imported, with line and reason: up to a thousand behind the line `after`."""
    row = work.get(CreditSnapshot, snapshot_id)
    if row.state != "ready":
        raise NotFound
    found = (bad for bad in bad_rows(work, row) if bad.line > after)
    return [BadRowOut(line=bad.line, reason=bad.reason) for bad in islice(found, 1000)]


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
        searching.keep(work, body.tender_id, day, body.model_dump(mode="json", by_alias=True), answer)
    return MatchOut.model_validate(answer)


@router.get("/credit/queries")
def list_credit_queries(
    work: Work, paging: Paging, tender_id: Annotated[Id, Query(alias="tenderId")]
) -> Page[KeptQueryOut]:
    """Searches kept with a tender, oldest first."""
    query = select(CreditQuery).where(CreditQuery.tender_id == tender_id)
    return paging.page(work.session, query, key=CreditQuery.id, view=KeptQueryOut.of)


@router.post("/judgements", status_code=201)
def create_judgement(body: JudgementIn, work: Work, response: Response) -> JudgementOut:
    """Record what a person judged; a new one on the same pair supersedes the old, both stay on record."""
    snapshot = work.get(CreditSnapshot, body.snapshot_id)
    entry = opened(work, snapshot).entry_by_id(body.entry_id) if snapshot.state == "ready" else None
    if entry is None:
        raise NotFound
    who = Organization(name=body.organization.name, code=body.organization.uscc)
    row = judge(work, snapshot, entry, NewJudgement(who, body.judgement, body.reason, body.person))
    response.headers["Location"] = f"/api/v1/judgements/{row.id}"
    return JudgementOut.of(row)


@router.get("/judgements")
def list_judgements(
    work: Work, paging: Paging, list_name: Annotated[ListName | None, Query(alias="list")] = None
) -> Page[JudgementOut]:
    """Judgements, newest first."""
    query = select(CreditJudgement)
    if list_name is not None:
        query = query.where(CreditJudgement.list_name == list_name)
    return paging.page(work.session, query, key=CreditJudgement.id, view=JudgementOut.of, descending=True)


@router.get("/judgements/{judgement_id}")
def read_judgement(judgement_id: Id, work: Work) -> JudgementOut:
    """One judgement."""
    return JudgementOut.of(work.get(CreditJudgement, judgement_id))
