"""Submission traces over HTTP."""

from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.submissions import service as traces
from app.tendering.submissions.schemas import SubmissionTraceIn, SubmissionTraceOut
from app.tendering.submissions.tables import SubmissionTrace

router = Router(tags=["flags"])


@router.post("/tenders/{tender_id}/submission-traces", status_code=201)
def record_submission_trace(tender_id: Id, body: SubmissionTraceIn, work: Work) -> SubmissionTraceOut:
    """Record how a bid was submitted, as reported by the trading platform or the bank."""
    return SubmissionTraceOut.of(traces.record(work, tender_id, body))


@router.get("/tenders/{tender_id}/submission-traces")
def list_submission_traces(tender_id: Id, work: Work, paging: Paging) -> Page[SubmissionTraceOut]:
    """List the recorded submission traces."""
    return paging.page(
        work.session, traces.listing(work, tender_id), key=SubmissionTrace.id, view=SubmissionTraceOut.of
    )
