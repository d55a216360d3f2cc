"""Submission traces: recorded by the platform or an officer, provided as facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.bidders.organizations.registry import visible as organization_of
from app.core.integrity.facts import Person, Submission
from app.core.procedure.tender_state import TenderState
from app.platform.audit.events import Event
from app.platform.problems import Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.platform.web.sender import SentFrom
from app.tendering.submissions.schemas import SubmissionTraceIn
from app.tendering.submissions.tables import SubmissionTrace
from app.tendering.tenders.procedure import procedure_of

AFTER_OPENING = (TenderState.QUALIFICATION, TenderState.EVALUATION, TenderState.AWARDED, TenderState.COMPLETE)


def record(work: UnitOfWork, tender_id: str, body: SubmissionTraceIn) -> SubmissionTrace:
    """Record how an organization's bid was submitted."""
    procedure = procedure_of(work, tender_id)
    if body.lot is not None and body.lot not in {lot.id for lot in procedure.lots}:
        raise Invalid(faults=[Fault("unknown_lot", "A lot of this tender is expected", "/lotId")])
    try:
        organization_of(work, body.organization)
    except NotFound:
        raise Invalid(
            faults=[Fault("unknown_organization", "A recorded organization is expected", "/organizationId")]
        ) from None
    trace = body.model_dump(mode="json", by_alias=True, exclude={"organization", "lot"})
    row = SubmissionTrace(
        tender_id=tender_id,
        organization_id=body.organization,
        lot_id=body.lot,
        trace=trace,
        recorded_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {
        "organization": body.organization,
        "lot": body.lot,
        "given": sorted(key for key, value in trace.items() if value),
    }
    work.record(Event.CLIENT_SUBMISSION_TRACE_RECORD, subject=row.id, tender=tender_id, after=after)
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
            recorded_by=work.principal.id,
        )
    )


def listing(work: UnitOfWork, tender_id: str) -> Select[SubmissionTrace]:
    """List the traces of a tender; hidden before the opening, since they would disclose who bids."""
    procedure_of(work, tender_id).require(*AFTER_OPENING)
    return select(SubmissionTrace).where(SubmissionTrace.tender_id == tender_id)


def submissions_of(work: UnitOfWork, tender_id: str) -> dict[str, list[Submission]]:
    """Return the traces as facts, by organization."""
    found: dict[str, list[Submission]] = {}
    for row in work.session.scalars(listing(work, tender_id).order_by(SubmissionTrace.id)):
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
