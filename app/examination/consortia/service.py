"""Consortia: declared by their lead before the deadline, judged member by member (政府采购法 第二十四条, 实施条例 第二十二条)."""

import json
from typing import Any

from sqlalchemy import Select, select

from app.bidders.organizations.registry import visible as organization_of
from app.core.eligibility.consortium import ARTICLE_22, combined, several_bids
from app.core.facts.measured import Measured
from app.core.facts.outcome import Outcome
from app.core.procedure.qualification import BidState
from app.core.procedure.tender_state import TenderState
from app.examination.consortia.schemas import ConsortiumIn
from app.examination.consortia.tables import Consortium
from app.examination.screening.service import listing as screenings
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Forbidden, Invalid
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


def declare(work: UnitOfWork, tender_id: str, body: ConsortiumIn) -> Consortium:
    """Record the members of the lead's bid for a lot, once, before the deadline."""
    procedure = procedure_of(work, tender_id)
    procedure.require(TenderState.TENDERING)
    lead = work.principal.organization_scope
    if lead is None:
        raise Forbidden
    deadline = visible(work, tender_id).bid_deadline
    if deadline is None or tender_time(work, tender_id) >= deadline:
        raise WrongPhase("The bid deadline has passed")
    if body.lot not in {lot.id for lot in procedure.lots}:
        raise Invalid(faults=[Fault("unknown_lot", "A lot of this tender is expected", "/lotId")])
    members = list(dict.fromkeys([organization_of(work, lead).id, *body.members]))
    if len(members) < len(body.members) + 1:
        raise Invalid(faults=[Fault("member_twice", "Each other member once is expected", "/members")])
    row = Consortium(tender_id=tender_id, lot_id=body.lot, lead_id=lead, members=members, agreement=body.agreement)
    work.session.add(row)
    work.session.flush()
    # Recorded in the chain of the envelopes: the tender's own chain would disclose before the deadline that there is a
    # bid.
    chain = opening_of(work, tender_id).id if procedure.sealed else tender_id
    work.record(Event.BIDDER_CONSORTIUM_DECLARE, subject=row.id, tender=chain, after={"members": members})
    return row


def listing(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """List consortia: a bidder sees its own as lead, the agency all once the bids are open."""
    procedure = procedure_of(work, tender_id)
    query = select(Consortium).where(Consortium.tender_id == tender_id)
    scope = work.principal.organization_scope
    if scope is not None:
        return query.where(Consortium.lead_id == scope)
    if procedure.state in (TenderState.DRAFT, TenderState.TENDERING):
        raise WrongPhase("Bidders are disclosed only after the opening")
    return query


def requirements(work: UnitOfWork, tender_id: str, consortium_id: str) -> tuple[Measured, ...]:
    """Combine the requirements from the members' newest screenings within the tender."""
    listing(work, tender_id)
    row = work.get_within(Consortium, consortium_id, tender_id=tender_id)
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
    rows = work.session.scalars(select(Consortium).where(Consortium.lot_id == bid.lot_id)).all()
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
