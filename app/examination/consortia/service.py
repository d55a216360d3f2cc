"""Consortia: declared by their lead, agreed by every member before the deadline, judged member by member.

政府采购法 第二十四条, 实施条例 第二十二条. Without the consent of all a consortium is pending: it binds nobody.
"""

import json
from typing import Any

from sqlalchemy import Select, or_, select

from app.bidders.organizations.registry import names_of
from app.bidders.organizations.registry import visible as organization_of
from app.core.eligibility.consortium import ARTICLE_22, combined, several_bids
from app.core.facts.measured import Measured
from app.core.facts.outcome import Outcome
from app.core.procedure.qualification import BidState
from app.core.procedure.tender_state import TenderState
from app.examination.consortia.schemas import ConsortiumIn
from app.examination.consortia.tables import Consortium, ConsortiumMember
from app.examination.screening.service import listing as screenings
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Forbidden, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import BidInPlay, bids_in_play
from app.tendering.envelopes.keys import opening_of
from app.tendering.tenders.practice import tender_time
from app.tendering.tenders.procedure import WrongPhase, procedure_of
from app.tendering.tenders.service import visible


class MemberBidsTwice(Conflict):
    """A member of a consortium takes part in another bid for the lot."""

    code, title = "member_bids_twice", "An organization of this bid takes part in another bid for the lot"
    article = "政府采购法实施条例 第二十二条"


class MemberFails(Conflict):
    """Every member must meet 政府采购法 第二十二条: the bad credit record of one excludes the consortium."""

    code, title = (
        "consortium_member_fails",
        "A member of the consortium does not meet a condition that every member must meet",
    )
    article = "政府采购法 第二十四条"


class ConsortiumAgreed(Conflict):
    """All members have consented: the declaration stands."""

    code, title = "consortium_agreed", "The consortium has been agreed and stands"


class ConsortiumPending(Conflict):
    """A member named has not consented, so the consortium counts for nothing."""

    code, title = "consortium_pending", "A member of the consortium has not consented"
    article = "政府采购法 第二十四条"


def declare(work: UnitOfWork, tender_id: str, body: ConsortiumIn) -> Consortium:
    """Record the members of the lead's bid for a lot before the deadline; a pending declaration is replaced."""
    procedure = procedure_of(work, tender_id)
    lead = _in_time(work, tender_id)
    if body.lot not in {lot.id for lot in procedure.lots}:
        raise Invalid(faults=[Fault("unknown_lot", "A lot of this tender is expected", "/lotId")])
    members = list(dict.fromkeys([organization_of(work, lead).id, *body.members]))
    if len(members) < len(body.members) + 1:
        raise Invalid(faults=[Fault("member_twice", "Each other member once is expected", "/members")])
    _require_known(work, body.members)
    _replace_pending(work, body.lot, lead)
    row = Consortium(tender_id=tender_id, lot_id=body.lot, lead_id=lead, members=members, agreement=body.agreement)
    work.session.add(row)
    work.session.flush()
    work.session.add_all(_member(work, row, one) for one in members)
    work.session.flush()
    after = {"members": members, "agreement": body.agreement}
    work.record(Event.BIDDER_CONSORTIUM_DECLARE, subject=row.id, tender=_chain(work, tender_id), after=after)
    return row


def consent(work: UnitOfWork, tender_id: str, consortium_id: str) -> Consortium:
    """Record the consent of a member named; consenting again changes nothing. Errors: NotFound for all others."""
    row = work.get_within(Consortium, consortium_id, tender_id=tender_id)
    own = _members(row.id).where(ConsortiumMember.organization_id == work.principal.organization_scope)
    member = work.session.scalar(own)
    if member is None:
        raise NotFound
    _in_time(work, tender_id)
    if member.consented_at is None:
        member.consented_by, member.consented_at = work.principal.id, work.now
        work.session.flush()
        after = {"organization": member.organization_id}
        work.record(Event.BIDDER_CONSORTIUM_CONSENT, subject=row.id, tender=_chain(work, tender_id), after=after)
    return row


def consented(work: UnitOfWork, consortium_id: str) -> set[str]:
    """Return the members of a consortium that consented."""
    query = _members(consortium_id).where(ConsortiumMember.consented_at.is_not(None))
    return {one.organization_id for one in work.session.scalars(query)}


def agreed(work: UnitOfWork, query: Select[Any]) -> list[Consortium]:
    """Return the consortia of a query to which every member has consented."""
    return [row for row in work.session.scalars(query) if consented(work, row.id) >= set(row.members)]


def _members(consortium_id: str) -> Select[Any]:
    return select(ConsortiumMember).where(ConsortiumMember.consortium_id == consortium_id)


def _member(work: UnitOfWork, row: Consortium, organization: str) -> ConsortiumMember:
    """Return a member's row; the lead consents by declaring."""
    leads = organization == row.lead_id
    return ConsortiumMember(
        tender_id=row.tender_id,
        consortium_id=row.id,
        organization_id=organization,
        consented_by=work.principal.id if leads else None,
        consented_at=work.now if leads else None,
    )


def _in_time(work: UnitOfWork, tender_id: str) -> str:
    """Return the bidder's organization; WrongPhase from the deadline on, Forbidden to all others."""
    procedure_of(work, tender_id).require(TenderState.TENDERING)
    own = work.principal.organization_scope
    if own is None:
        raise Forbidden
    deadline = visible(work, tender_id).bid_deadline
    if deadline is None or tender_time(work, tender_id) >= deadline:
        raise WrongPhase("The bid deadline has passed")
    return own


def _require_known(work: UnitOfWork, members: list[str]) -> None:
    known = names_of(work, members).keys()
    faults = [
        Fault("unknown_organization", "A recorded organization is expected", f"/members/{position}")
        for position, one in enumerate(members)
        if one not in known
    ]
    if faults:
        raise Invalid(faults=faults)


def _replace_pending(work: UnitOfWork, lot_id: str, lead: str) -> None:
    """Remove the lead's pending declaration for the lot. Errors: ConsortiumAgreed."""
    row = work.session.scalar(select(Consortium).where(Consortium.lot_id == lot_id, Consortium.lead_id == lead))
    if row is None:
        return
    if consented(work, row.id) >= set(row.members):
        raise ConsortiumAgreed
    for member in work.session.scalars(_members(row.id)):
        work.session.delete(member)
    work.session.flush()
    work.session.delete(row)
    work.session.flush()


def _chain(work: UnitOfWork, tender_id: str) -> str:
    """Return the chain of the envelopes: the tender's own would disclose before the deadline that there is a bid."""
    return opening_of(work, tender_id).id if procedure_of(work, tender_id).sealed else tender_id


def listing(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """List consortia: a bidder sees those that it leads or is named in, the agency all once the bids are open."""
    procedure = procedure_of(work, tender_id)
    query = select(Consortium).where(Consortium.tender_id == tender_id)
    scope = work.principal.organization_scope
    if scope is not None:
        own = select(ConsortiumMember.consortium_id).where(ConsortiumMember.organization_id == scope)
        return query.where(or_(Consortium.lead_id == scope, Consortium.id.in_(own)))
    if procedure.state in (TenderState.DRAFT, TenderState.TENDERING):
        raise WrongPhase("Bidders are disclosed only after the opening")
    return query


def requirements(work: UnitOfWork, tender_id: str, consortium_id: str) -> tuple[Measured, ...]:
    """Combine the requirements from the members' newest screenings within the tender."""
    listing(work, tender_id)
    row = work.get_within(Consortium, consortium_id, tender_id=tender_id)
    if not consented(work, row.id) >= set(row.members):
        raise ConsortiumPending
    return _combined(work, row)


def _combined(work: UnitOfWork, row: Consortium) -> tuple[Measured, ...]:
    found = work.session.scalars(screenings(work, tender=row.tender_id, organization=None, batch=None, verdict=None))
    newest = {run.organization_id: run for run in sorted(found, key=lambda run: run.id)}
    return combined({member: _outcomes(newest.get(member)) for member in row.members})


def _outcomes(run: Any | None) -> dict[str, Outcome]:
    result = json.loads(run.result) if run is not None else {}
    return {one["id"]: Outcome(one["outcome"]) for one in result.get("requirements", ())}


def require_sound(work: UnitOfWork, bid: BidInPlay) -> None:
    """Check a bid before it is qualified: none of its organizations bids twice, each member meets art 22."""
    rows = agreed(work, select(Consortium).where(Consortium.lot_id == bid.lot_id))
    if not rows:
        return
    members = {row.lead_id: frozenset(row.members) for row in rows}
    stand = [one for one in bids_in_play(work, bid.lot_id) if one.state is not BidState.INVALID]
    bids = {one.id: members.get(one.organization_id, frozenset({one.organization_id})) for one in stand}
    twice = [organization for organization, found in several_bids(bids).items() if bid.id in found]
    if twice:
        raise MemberBidsTwice(", ".join(twice))
    own = next((row for row in rows if row.lead_id == bid.organization_id), None)
    failed = (
        [one.id for one in _combined(work, own) if one.outcome is Outcome.NOT_MET and one.id in ARTICLE_22]
        if own
        else []
    )
    if failed:
        raise MemberFails(", ".join(failed))
