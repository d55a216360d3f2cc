"""The audit trail over HTTP."""

from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from app.administration.trail.alarms import alarms
from app.administration.trail.schemas import AlarmOut, AuditEventOut, AuditReport, CheckpointOut, SinksOut
from app.administration.trail.service import require_instance, sink_states
from app.platform.access.roles import Role
from app.platform.audit.rows import INSTANCE
from app.platform.audit.tables import AuditCheckpoint, AuditEvent
from app.platform.audit.verify import verify
from app.platform.audit.visibility import shown
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Token

router = Router(prefix="/audit", tags=["audit"])
Chain = Annotated[Token | None, Query(description="A tender's id, or `instance`")]


@router.get("")
def list_audit_events(
    work: Work,
    paging: Paging,
    chain: Chain = None,
    subject: Annotated[Token | None, Query(description="Id of the changed object")] = None,
) -> Page[AuditEventOut]:
    """List audit events in the order of recording; admins see the instance's chain only, which contains no price."""
    query = select(AuditEvent).where(shown())
    if work.principal.role is Role.ADMIN:
        require_instance(chain)
        query = query.where(AuditEvent.chain == INSTANCE)
    if chain is not None:
        query = query.where(AuditEvent.chain == chain)
    if subject is not None:
        query = query.where(AuditEvent.subject_id == subject)
    return paging.page(work.session, query, key=AuditEvent.id, view=AuditEventOut.of)


@router.get("/verify")
def verify_audit(work: Work, chain: Chain = None) -> AuditReport:
    """Verify the hash chains, the rows that they bind and the stored checkpoints; report where one is broken."""
    signer = work.platform.signer
    return AuditReport.of(verify(work.session, chain, {signer.key_id: signer.public}))


@router.get("/checkpoints")
def list_checkpoints(work: Work, paging: Paging) -> Page[CheckpointOut]:
    """List signed checkpoints, newest first. Only the sink's copy is evidence, not this one."""
    query = select(AuditCheckpoint)
    return paging.page(work.session, query, key=AuditCheckpoint.number, view=CheckpointOut.of, descending=True)


@router.get("/sinks")
def list_audit_sinks(work: Work) -> SinksOut:
    """List the checkpoint sinks and the state of delivery."""
    found = alarms(work.session, work.platform, work.now)
    return SinksOut(items=sink_states(work), alarms=[AlarmOut.model_validate(one) for one in found])
