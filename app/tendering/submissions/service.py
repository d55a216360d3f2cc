"""Submission traces: recorded by the platform or an officer, provided as facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from app.bidders.organizations.registry import visible as organization_of
from app.core.integrity.facts import Person, Submission
from app.core.procedure.tender_state import TenderState
from app.platform.access.permissions import ProgramsPropose
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.platform.web.sender import SentFrom
from app.tendering.submissions.schemas import SubmissionTraceIn
from app.tendering.submissions.tables import SubmissionTrace, TraceSource
from app.tendering.tenders.procedure import procedure_of

BEFORE_OPENING = (TenderState.DRAFT, TenderState.TENDERING)
AFTER_OPENING = (TenderState.QUALIFICATION, TenderState.EVALUATION, TenderState.AWARDED, TenderState.COMPLETE)


class TraceStands(Conflict):
    """The trace counts already."""

    code, title = "trace_stands", "This submission trace needs no confirmation"


def record(work: UnitOfWork, tender_id: str, body: SubmissionTraceIn) -> SubmissionTrace:
    """Record how an organization's bid was submitted: an officer with a reason, a program only before the opening."""
    procedure = procedure_of(work, tender_id)
    program = work.principal.role is Role.CLIENT
    if program and procedure.state not in BEFORE_OPENING:
        raise ProgramsPropose
    if not program and body.reason is None:
        raise Invalid(faults=[Fault("reason", "State where the trace comes from", "/reason")])
    if body.lot is not None and body.lot not in {lot.id for lot in procedure.lots}:
        raise Invalid(faults=[Fault("unknown_lot", "A lot of this tender is expected", "/lotId")])
    try:
        organization_of(work, body.organization)
    except NotFound:
        raise Invalid(
            faults=[Fault("unknown_organization", "A recorded organization is expected", "/organizationId")]
        ) from None
    trace = body.model_dump(mode="json", by_alias=True, exclude={"organization", "lot", "reason"})
    row = SubmissionTrace(
        tender_id=tender_id,
        organization_id=body.organization,
        lot_id=body.lot,
        trace=trace,
        source=(TraceSource.PROGRAM if program else TraceSource.OFFICER).value,
        reason=body.reason,
        recorded_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {
        "source": row.source,
        "reason": row.reason,
        "organization": body.organization,
        "lot": body.lot,
        "given": sorted(key for key, value in trace.items() if value),
    }
    work.record(Event.CLIENT_SUBMISSION_TRACE_RECORD, subject=row.id, tender=tender_id, after=after)
    return row


def confirm(work: UnitOfWork, tender_id: str, trace_id: str, reason: str) -> SubmissionTrace:
    """Take over a trace that a program recorded; from now on leads may rest on it. Errors: TraceStands."""
    procedure_of(work, tender_id).require(*AFTER_OPENING)
    row = work.get_within(SubmissionTrace, trace_id, tender_id=tender_id)
    if row.source != TraceSource.PROGRAM or row.confirmed_by is not None:
        raise TraceStands
    row.confirmed_by, row.reason = work.principal.id, reason
    work.session.flush()
    after = {"organization": row.organization_id, "reason": reason}
    work.record(Event.OFFICER_SUBMISSION_TRACE_CONFIRM, subject=row.id, tender=tender_id, after=after)
    return row


@dataclass(frozen=True, slots=True)
class Came:
    """How an envelope was submitted."""

    lot_id: str
    at: datetime
    sender: SentFrom


def note(work: UnitOfWork, tender_id: str, organization_id: str, came: Came) -> None:
    """Store the trace of an envelope, invisible before the opening; the envelope's audit event covers it."""
    trace = {
        "networkAddress": came.sender.network_address,
        "client": came.sender.client,
        "submittedAt": came.at.isoformat(),
    }
    work.session.add(
        SubmissionTrace(
            tender_id=tender_id,
            organization_id=organization_id,
            lot_id=came.lot_id,
            trace=trace,
            source=TraceSource.ENVELOPE.value,
            recorded_by=work.principal.id,
        )
    )


def listing(work: UnitOfWork, tender_id: str) -> Select[SubmissionTrace]:
    """List the traces of a tender; hidden before the opening, since they would disclose who bids."""
    procedure_of(work, tender_id).require(*AFTER_OPENING)
    return select(SubmissionTrace).where(SubmissionTrace.tender_id == tender_id)


def submissions_of(work: UnitOfWork, tender_id: str) -> dict[str, list[Submission]]:
    """Return the traces that count as facts, by organization: those of programs only if an officer confirmed them."""
    found: dict[str, list[Submission]] = {}
    counted = or_(SubmissionTrace.source != TraceSource.PROGRAM, SubmissionTrace.confirmed_by.is_not(None))
    for row in work.session.scalars(listing(work, tender_id).where(counted).order_by(SubmissionTrace.id)):
        found.setdefault(row.organization_id, []).append(_submission(row.lot_id, row.trace))
    return found


def _submission(lot: str | None, trace: Mapping[str, Any]) -> Submission:
    agent = trace.get("agent")
    return Submission(
        lot=lot,
        network_address=trace.get("networkAddress"),
        client=trace.get("client"),
        at=datetime.fromisoformat(trace["submittedAt"]) if trace.get("submittedAt") else None,
        bond_account=trace.get("bondAccount"),
        bond_payer=trace.get("bondPayer"),
        agent=Person(agent.get("name"), agent.get("residentId")) if agent else None,
    )
