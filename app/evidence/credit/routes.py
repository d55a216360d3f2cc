"""Credit lists over HTTP: import of snapshots, record of judgements."""

from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import Form, Path, Query, Response
from sqlalchemy import select

from app.core.facts.dossier import Organization
from app.core.procedure.deadlines import day_in_china
from app.evidence.credit import service, uploads
from app.evidence.credit.corrections import accept_rows
from app.evidence.credit.holding import bad_rows, opened
from app.evidence.credit.judgements import NewJudgement, judge
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.mapping import STANDARD, ColumnMapping, read_mapping
from app.evidence.credit.schemas import (
    AcceptRowsIn,
    BadRowOut,
    CreditListOut,
    JudgementIn,
    JudgementOut,
    ListName,
    SnapshotOut,
)
from app.evidence.credit.tables import CreditJudgement, CreditSnapshot
from app.platform.problems import Fault, Invalid, NotFound
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Day, Id, LongText, Text
from app.platform.web.uploads import Upload

router = Router(tags=["credit"])
Listed = Annotated[ListName, Path()]


class ListRefused(Invalid):
    """The file cannot be read as a list; the previous snapshot stays in force."""

    code, title = "credit_list_unreadable", "The file could not be read as a credit list"


@router.get("/credit-lists")
def list_credit_lists(work: Work) -> list[CreditListOut]:
    """List the credit lists that have a snapshot."""
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
    allow_empty: Annotated[bool, Form(alias="allowEmpty")] = False,
) -> SnapshotOut:
    """Import a list as of a day; a file that cannot be read leaves the previous snapshot in force.

    A list without entries is refused unless `allowEmpty` states that it is empty.

    Up to 4 MiB of CSV or JSON lines are imported at once (201); larger files, XLSX, Parquet and compressed files are
    imported by a job (202, `jobId`), and the snapshot counts when its state is `ready`.
    """
    today = day_in_china(work.now)
    day: date = retrieved_at or today
    service.require_past(day, today)
    origin = service.ListOrigin(name, day, source, coverage, _mapping(mapping), allow_empty)
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
    """Return one snapshot."""
    return SnapshotOut.of(work.get(CreditSnapshot, snapshot_id))


@router.get("/credit-snapshots/{snapshot_id}/bad-rows")
def list_bad_rows(snapshot_id: Id, work: Work, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> list[BadRowOut]:
    """List rows not read completely, with line and reason: up to 1,000 after the line `after`."""
    row = work.get(CreditSnapshot, snapshot_id)
    if row.state not in ("ready", "withdrawn"):
        raise NotFound
    accepted = frozenset(row.accepted_lines or ())
    found = islice((bad for bad in bad_rows(work, row) if bad.line > after), 1000)
    return [
        BadRowOut(line=bad.line, reason=bad.reason, kept=bad.is_kept, accepted=bad.line in accepted) for bad in found
    ]


@router.post("/credit-snapshots/{snapshot_id}/accept-rows")
def accept_bad_rows(snapshot_id: Id, body: AcceptRowsIn, work: Work) -> SnapshotOut:
    """Accept lost rows by line. With all of them accepted the snapshot is complete and can clear bidders."""
    row = work.get(CreditSnapshot, snapshot_id)
    accept_rows(work, row, body.lines, body.reason, body.person)
    return SnapshotOut.of(row)


@router.post("/judgements", status_code=201)
def create_judgement(body: JudgementIn, work: Work, response: Response) -> JudgementOut:
    """Record a judgement. A new one on the same pair supersedes the old one; both stay on record."""
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
    """Return one judgement."""
    return JudgementOut.of(work.get(CreditJudgement, judgement_id))
