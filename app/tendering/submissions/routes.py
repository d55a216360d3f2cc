"""Submission traces over HTTP."""

from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id
from app.tendering.submissions import service as traces
from app.tendering.submissions.schemas import ConfirmationOfTraceIn, SubmissionTraceIn, SubmissionTraceOut
from app.tendering.submissions.tables import SubmissionTrace

router = Router(tags=["flags"])


@router.post("/tenders/{tender_id}/submission-traces", status_code=201)
def record_submission_trace(tender_id: Id, body: SubmissionTraceIn, work: Work) -> SubmissionTraceOut:
    """Record how a bid was submitted, as reported by the trading platform or the bank.

    An officer states a `reason`. A program records traces before the opening only (403 `programs_propose`), and no lead
    rests on one until an officer confirms it.
    """
    return SubmissionTraceOut.of(traces.record(work, tender_id, body))


@router.post("/tenders/{tender_id}/submission-traces/{trace_id}/confirmation")
def confirm_submission_trace(
    tender_id: Id, trace_id: Id, body: ConfirmationOfTraceIn, work: Work
) -> SubmissionTraceOut:
    """Confirm a trace that a program recorded, with the reason; leads may rest on it from now on."""
    return SubmissionTraceOut.of(traces.confirm(work, tender_id, trace_id, body.reason))


@router.get("/tenders/{tender_id}/submission-traces")
def list_submission_traces(tender_id: Id, work: Work, paging: Paging) -> Page[SubmissionTraceOut]:
    """List the recorded submission traces."""
    return paging.page(
        work.session, traces.listing(work, tender_id), key=SubmissionTrace.id, view=SubmissionTraceOut.of
    )
