"""Forming a committee, and who may submit scores (财政部令第87号 第四十七条, 实施条例 第九条)."""

from decimal import Decimal

from sqlalchemy import select

from app.awarding.committee.schemas import CommitteeIn
from app.awarding.committee.tables import Committee
from app.core.evaluation.committee import Conflict as Bond
from app.core.evaluation.committee import Member, Objection, objections
from app.core.procedure.tender_state import TenderState
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import bids_in_play
from app.tendering.tenders.procedure import Procedure, procedure_of


class CommitteeRefused(Invalid):
    """The committee's composition is unlawful; `errors` lists every violation."""

    code, title = "committee_refused", "The composition of the committee is unlawful"
    article = "财政部令第87号 第四十七条"


class CommitteeMissing(Conflict):
    """The tender's regime requires an evaluation committee before lots are ranked or awarded."""

    code, title = "committee_missing", "No evaluation committee has been formed for this tender"
    article = "财政部令第87号 第四十七条"


class CommitteeFrozen(Conflict):
    """The members of a committee cannot change once a score sheet is recorded."""

    code, title = "committee_frozen", "The committee cannot be changed after its first score sheet"
    article = "财政部令第87号 第四十七条"


class NotOnCommittee(Conflict):
    """Only members of the tender's committee may score."""

    code, title = "not_on_committee", "This member is not on the tender's committee"
    article = "财政部令第87号 第四十七条"


def put(work: UnitOfWork, tender_id: str, body: CommitteeIn) -> Committee:
    """Form or replace the committee. Errors: CommitteeRefused with every violation."""
    procedure = procedure_of(work, tender_id)
    procedure.require(TenderState.QUALIFICATION, TenderState.EVALUATION)
    members = [
        Member(one.id, one.person, one.seat, tuple(Bond(tie.organization, tie.tie) for tie in one.ties))
        for one in body.members
    ]
    if len({one.id for one in members}) < len(members):
        raise Invalid(faults=[Fault("member_twice", "A unique name for each member is expected", "/members")])
    found = objections(members, _budget(procedure), _bidders(work, procedure), body.attended_opening)
    if found:
        raise CommitteeRefused(faults=[_fault(one, [member.id for member in members]) for one in found])
    standing_row = newest(work, tender_id)
    if standing_row is not None and standing_row.frozen_at is not None:
        raise CommitteeFrozen
    row = Committee(
        tender_id=tender_id,
        number=standing_row.number + 1 if standing_row else 1,
        members=[one.model_dump(mode="json") for one in body.members],
        recorded_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {"number": row.number, "members": [one.id for one in members]}
    work.record(Event.OFFICER_COMMITTEE_FORM, subject=row.id, tender=tender_id, after=after)
    return row


def _budget(procedure: Procedure) -> Decimal:
    return sum((lot.value for lot in procedure.lots), Decimal(0))


def _bidders(work: UnitOfWork, procedure: Procedure) -> set[str]:
    return {bid.organization_id for lot in procedure.lots for bid in bids_in_play(work, lot.id)}


def _fault(one: Objection, order: list[str]) -> Fault:
    pointer = "/members" if one.member is None else f"/members/{order.index(one.member)}"
    return Fault(one.code, one.article, pointer)


def newest(work: UnitOfWork, tender_id: str) -> Committee | None:
    """Return the current committee, or None."""
    query = select(Committee).where(Committee.tender_id == tender_id)
    return work.session.scalar(query.order_by(Committee.number.desc()).limit(1))


def find(work: UnitOfWork, tender_id: str) -> Committee:
    """Return the current committee, or raise NotFound."""
    procedure_of(work, tender_id)
    row = newest(work, tender_id)
    if row is None:
        raise NotFound
    return row


def members_of(work: UnitOfWork, procedure: Procedure) -> frozenset[str] | None:
    """Return the members' ids, None without a committee. Errors: CommitteeMissing if the regime requires one."""
    row = newest(work, procedure.id)
    if row is None:
        if procedure.committee_required:
            raise CommitteeMissing
        return None
    return frozenset(one["id"] for one in row.members)


def begin_scoring(work: UnitOfWork, procedure: Procedure, member: str) -> None:
    """Check that the scorer is a member (else NotOnCommittee), and freeze the committee at the first sheet."""
    members = members_of(work, procedure)
    if members is not None and member not in members:
        raise NotOnCommittee
    row = newest(work, procedure.id)
    if row is not None and row.frozen_at is None:
        row.frozen_at = work.now
