"""Propose an act, agree to it, decline or withdraw it; what is agreed is what was shown."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import Select, select

from app.core.procedure.deadlines import BEIJING
from app.core.procedure.second_person import RULES, Act, Party, second_fault
from app.core.values.canonical import canonical_json, sha256_hex
from app.platform.access.roles import Principal, Role
from app.platform.approvals.tables import Approval
from app.platform.audit.events import Event
from app.platform.database.identifiers import LENGTH
from app.platform.problems import Conflict, Fault, Forbidden, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.platform.web.second_person import Sought

DAYS_TO_ANSWER = 7
_ID = re.compile(r"\b([a-z]{2,4})_([0-9a-z]{" + str(LENGTH) + r"})\b")
_AGE = 10  # characters of an id that state the millisecond of its creation
_KEPT = ("role", "organizationId", "lots", "scopes")


class SecondPersonRequired(Forbidden):
    """The act needs a second person: another account than the proposer's, logged in, of a role that may agree."""

    code, title = "second_person_required", "A second person is required"
    article = "政府采购法 第六十一条"


class ApprovalStale(Conflict):
    """What the act would change is no longer what was shown; propose it again."""

    code, title = "approval_stale", "The subject has changed since the act was proposed"


class ApprovalSettled(Conflict):
    """The proposal was answered, withdrawn, or has expired."""

    code, title = "approval_settled", "The approval is no longer pending"


@dataclass(frozen=True, slots=True)
class Changes:
    """The events that an act records: as shown, and their hash without new ids and the time of the trial."""

    shown: list[dict[str, Any]]
    sha256: str


def changes_of(work: UnitOfWork, since: str) -> Changes:
    """Return what a unit of work would record; ids made from `since` on are new."""
    shown = [
        {"event": one.event.value, "subject": one.subject_id, "before": _plain(one.before), "after": _plain(one.after)}
        for one in work.would_record()
    ]
    text = canonical_json(shown).decode()
    text = _ID.sub(lambda found: f"{found[1]}_new" if found[2][:_AGE] >= since else found[0], text)
    for zone in (UTC, BEIJING):
        text = text.replace(work.now.astimezone(zone).isoformat(), "now")
    return Changes(shown, sha256_hex(text.encode()))


def _plain(value: Any) -> Any:
    return json.loads(canonical_json(value))


def propose(work: UnitOfWork, sought: Sought, changes: Changes) -> Approval:
    """Keep a proposal, or return the pending one for the same request whose changes are the same."""
    rule = RULES[sought.act]
    asked = _request(sought)
    sha256 = request_hash(asked)
    pending = select(Approval).where(Approval.state == "pending", Approval.expires_at > work.now)
    shown = sha256_hex(b"") if rule.is_secret else changes.sha256
    same = pending.where(Approval.request_sha256 == sha256, Approval.changes_sha256 == shown)
    found: Approval | None = work.session.scalar(same.where(Approval.proposed_by == work.principal.id).limit(1))
    if found is not None:
        return found
    row = Approval(
        act=sought.act.value,
        route=sought.route,
        subject_id=sought.subject,
        tender_id=sought.tender_id,
        request={**asked, "body": None} if rule.is_secret else asked,
        request_sha256=sha256,
        changes=[] if rule.is_secret else changes.shown,
        changes_sha256=shown,
        proposed_by=work.principal.id,
        proposer=_bindings(work.principal),
        expires_at=work.now + timedelta(days=DAYS_TO_ANSWER),
        state="pending",
    )
    work.session.add(row)
    work.session.flush()
    _record(work, Event.PERSON_APPROVAL_PROPOSE, row)
    return row


def _request(sought: Sought) -> dict[str, Any]:
    return {
        "method": sought.method,
        "path": sought.path,
        "address": sought.address,
        "ifMatch": sought.if_match,
        "body": json.loads(sought.body) if sought.body.strip() else None,
    }


def request_hash(asked: Mapping[str, Any]) -> str:
    """SHA-256 of method, path, If-Match and canonical body."""
    return sha256_hex(canonical_json([asked["method"], asked["path"], asked["ifMatch"], asked["body"]]))


def _bindings(principal: Principal) -> dict[str, Any]:
    return {
        "role": principal.role.value,
        "organizationId": principal.organization_id,
        "lots": sorted(principal.lots),
        "scopes": sorted(principal.scopes),
        "isLogin": principal.session_id is not None,
    }


def _record(work: UnitOfWork, event: Event, row: Approval, **other: Any) -> None:
    after = {"act": row.act, "subject": row.subject_id, "requestSha256": row.request_sha256, **other}
    work.record(event, subject=row.id, tender=row.tender_id, after=after)


def proposer_of(row: Approval) -> Principal:
    """Return the principal under whom the act is carried out."""
    kept = row.proposer
    return Principal(
        row.proposed_by, Role(kept["role"]), kept["organizationId"], frozenset(kept["lots"]), frozenset(kept["scopes"])
    )


def pending(work: UnitOfWork, approval_id: str) -> Approval:
    """Return a visible pending approval, locked. Errors: NotFound, ApprovalSettled."""
    query = _visible(work.principal).where(Approval.id == approval_id).with_for_update()
    row: Approval | None = work.session.scalar(query)
    if row is None:
        raise NotFound
    if row.state != "pending" or row.expires_at <= work.now:
        raise ApprovalSettled
    return row


def require_second(work: UnitOfWork, row: Approval) -> None:
    """Raise SecondPersonRequired unless the caller may be the second person of this act."""
    own = Party(work.principal.id, work.principal.role.value, work.principal.session_id is not None)
    fault = second_fault(Act(row.act), Party(row.proposed_by, row.proposer["role"]), own)
    if fault is not None:
        raise SecondPersonRequired(_WHY[fault])


_WHY = {
    "same_account": "The account that proposed the act cannot agree to it",
    "not_a_login": "Only a logged-in person agrees, never a key",
    "role": "This role may not agree to the act",
}


def taken_up(work: UnitOfWork, approval_id: str, body: Any) -> tuple[Approval, dict[str, Any]]:
    """Return the approval that the caller may agree to, and its request; the body of a secret one comes from the caller."""
    row = pending(work, approval_id)
    require_second(work, row)
    is_secret = RULES[Act(row.act)].is_secret
    if is_secret != (body is not None):
        detail = "The request of this act is not kept; submit it again" if is_secret else "The request is kept"
        raise Invalid(faults=[Fault("required" if is_secret else "not_expected", detail, "/request")])
    given = {**row.request, "body": body} if is_secret else dict(row.request)
    if request_hash(given) != row.request_sha256:
        raise Invalid(faults=[Fault("another_request", "The request that was proposed is expected", "/request")])
    return row, given


def agree(work: UnitOfWork, row: Approval, since: str) -> Approval:
    """Settle the approval after its act was carried out in this unit. ApprovalStale if it changed something else."""
    if not RULES[Act(row.act)].is_secret and changes_of(work, since).sha256 != row.changes_sha256:
        raise ApprovalStale
    work.name_second(work.principal)
    _answer(work, row, "agreed")
    _record(work, Event.PERSON_APPROVAL_AGREE, row, proposedBy=row.proposed_by)
    return row


def decline(work: UnitOfWork, approval_id: str, reason: str) -> Approval:
    """Decline a proposal with the reason; nothing changes."""
    row = pending(work, approval_id)
    require_second(work, row)
    row.reason = reason
    _answer(work, row, "declined")
    _record(work, Event.PERSON_APPROVAL_DECLINE, row, proposedBy=row.proposed_by, reason=reason)
    return row


def withdraw(work: UnitOfWork, approval_id: str) -> Approval:
    """Withdraw one's own proposal."""
    row = pending(work, approval_id)
    if row.proposed_by != work.principal.id:
        raise Forbidden("Only the account that proposed the act withdraws it")
    _answer(work, row, "withdrawn")
    _record(work, Event.PERSON_APPROVAL_WITHDRAW, row)
    return row


def _answer(work: UnitOfWork, row: Approval, state: str) -> None:
    row.state, row.answered_by, row.answered_at = state, work.principal.id, work.now
    work.session.flush()


def _visible(principal: Principal) -> Select[Any]:
    """Officers and programs see the acts of tenders, admins those of the instance, auditors all, others their own."""
    query = select(Approval)
    match principal.role:
        case Role.AUDITOR:
            return query
        case Role.ADMIN:
            return query.where(Approval.tender_id.is_(None))
        case Role.OFFICER | Role.CLIENT:
            return query.where(Approval.tender_id.is_not(None))
    return query.where(Approval.proposed_by == principal.id)


def listing(work: UnitOfWork, state: str | None, tender_id: str | None) -> Select[Any]:
    """Return the visible approvals, of one state or one tender if asked."""
    query = _visible(work.principal)
    if tender_id is not None:
        query = query.where(Approval.tender_id == tender_id)
    if state == "expired":
        return query.where(Approval.state == "pending", Approval.expires_at <= work.now)
    if state == "pending":
        return query.where(Approval.state == "pending", Approval.expires_at > work.now)
    return query if state is None else query.where(Approval.state == state)


def find(work: UnitOfWork, approval_id: str) -> Approval:
    """Return a visible approval, or NotFound."""
    row: Approval | None = work.session.scalar(_visible(work.principal).where(Approval.id == approval_id))
    if row is None:
        raise NotFound
    return row
